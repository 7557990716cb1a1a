//! What is done in deleted items, and what cannot be seen by whoever would do it.

use super::{about, contoso, kind};
use crate::roles::Organisation;
use crate::support::on_each_database;
use roster_domain::Kind;
use roster_domain::authz::{Asked, Over, Permission, Role, TargetKind};
use roster_domain::users::{self, User};
use roster_persistence::Session;
use uuid::Uuid;

impl Organisation {
    /// Deletes a user; returns the id.
    async fn delete(&self, user: User) -> String {
        let (grant, key) = (self.grant(), user.id.to_string());
        let work = move |session: &mut Session<'_>| users::delete(session, &grant, &key, None);
        self.write(self.store.inputs().unwrap(), work).await.unwrap();
        user.id.to_string()
    }
}

/// A question about restoring or erasing something that is deleted.
fn restoring(target: &str) -> Asked {
    Asked { kind: TargetKind::Deleted, ..about(Over::Delete, target) }
}

#[test]
fn what_is_done_to_deleted_people_is_limited_by_the_roles_they_held() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        let plain = contoso.delete(contoso.person("plain", None).await).await;
        let global = contoso.delete(contoso.holder("global", &[Role::Global]).await).await;
        let user = contoso.holder("user", &[Role::User]).await;
        for (role, target, allowed) in [
            (Role::User, &plain, true),
            (Role::User, &global, false),
            (Role::Global, &global, true),
            (Role::Skype, &plain, false),
        ] {
            let verdict = contoso.ask(&user, &[role], restoring(target)).await.unwrap();
            let told = (verdict.allowed, verdict.permission);
            assert_eq!(told, (Some(allowed), Permission::ManageUsersAndGroups), "{role:?}");
        }
        let nobody = restoring(&Uuid::now_v7().to_string());
        assert_eq!(kind(contoso.ask(&user, &[Role::User], nobody).await), Kind::NotFound);
    });
}

#[test]
fn who_may_not_look_into_deleted_items_learns_nothing_of_what_is_there() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        let global = contoso.delete(contoso.holder("global", &[Role::Global]).await).await;
        let nobody = Uuid::now_v7().to_string();
        let eva = contoso.person("eva", None).await;
        for target in [&global, &nobody] {
            let verdict = contoso.ask(&eva, &[], restoring(target)).await.unwrap();
            assert_eq!(verdict.allowed, Some(false));
            assert_eq!(verdict.granting_roles.keys(), ["global", "user"]);
        }
        // Asked by somebody who sees it, of the same person.
        let founder = contoso.founder.clone();
        let of_eva = |target: &str| Asked { actor: Some(eva.id.to_string()), ..restoring(target) };
        let verdict = contoso.ask(&founder, &[Role::Global], of_eva(&global)).await.unwrap();
        assert_eq!(verdict.granting_roles.keys(), ["global"]);
        let unknown = contoso.ask(&founder, &[Role::Global], of_eva(&nobody)).await;
        assert_eq!(kind(unknown), Kind::NotFound);
    });
}

#[test]
fn what_the_actor_does_not_see_is_not_found_whoever_asks() {
    on_each_database(|database| async move {
        let contoso = contoso(&database).await;
        let (hidden, eva) =
            (contoso.person("hidden", None).await, contoso.person("eva", None).await);
        contoso.unset(&hidden, "showInAddressList").await;
        let founder = contoso.founder.clone();
        for kind_of_target in [TargetKind::Any, TargetKind::User] {
            let asked = Asked {
                kind: kind_of_target,
                actor: Some(eva.id.to_string()),
                ..about(Over::Delete, &hidden.id.to_string())
            };
            let answer = contoso.ask(&founder, &[Role::Global], asked).await;
            assert_eq!(kind(answer), Kind::NotFound, "{kind_of_target:?}");
        }
    });
}
