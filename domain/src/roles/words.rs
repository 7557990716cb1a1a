//! What the roles and permissions are called, in both languages.

use crate::authz::{Cell, Permission, Role};
use crate::language::Words;

impl Role {
    /// Name for people.
    pub const fn name(self) -> Words {
        match self {
            Self::Billing => Words::new("Billing Administrator", "Factureringsbeheerder"),
            Self::Global => Words::new("Global Administrator", "Hoofdbeheerder"),
            Self::Password => Words::new("Password Administrator", "Wachtwoordbeheerder"),
            Self::Service => Words::new("Service Administrator", "Servicebeheerder"),
            Self::User => {
                Words::new("User Management Administrator", "Beheerder gebruikerstoegang")
            }
            Self::Exchange => Words::new("Exchange Administrator", "Exchange-beheerder"),
            Self::SharePoint => Words::new("SharePoint Administrator", "SharePoint-beheerder"),
            Self::Skype => {
                Words::new("Skype for Business Administrator", "Skype voor Bedrijven-beheerder")
            }
        }
    }

    /// What its holder does.
    pub const fn description(self) -> Words {
        match self {
            Self::Billing => Words::new(
                "Buys products, looks after subscriptions, invoices and support tickets, and \
                 follows service status. Only where the organisation bought its subscriptions \
                 directly.",
                "Koopt producten, beheert abonnementen, facturen en ondersteuningstickets en volgt \
                 de servicestatus. Alleen als de organisatie haar abonnementen rechtstreeks heeft \
                 gekocht.",
            ),
            Self::Global => Words::new(
                "Manages everything in the organisation and is the only one who hands out roles.",
                "Beheert alles in de organisatie en is de enige die rollen uitdeelt.",
            ),
            Self::Password => Words::new(
                "Gives new passwords to people who hold no administrator role, handles service \
                 requests, and follows service status.",
                "Geeft nieuwe wachtwoorden aan mensen zonder beheerdersrol, behandelt \
                 serviceaanvragen en volgt de servicestatus.",
            ),
            Self::Service => Words::new(
                "Opens support tickets and follows service status and messages; goes together \
                 with the Exchange, SharePoint or Skype for Business role.",
                "Opent ondersteuningstickets en volgt servicestatus en berichten; hoort bij de \
                 Exchange-, SharePoint- of Skype voor Bedrijven-rol.",
            ),
            Self::User => Words::new(
                "Manages people, groups and their licences, gives new passwords to people who hold \
                 no administrator role, handles service requests, and follows service status; \
                 never makes administrators and never deletes a global administrator.",
                "Beheert mensen, groepen en hun licenties, geeft nieuwe wachtwoorden aan mensen \
                 zonder beheerdersrol, behandelt serviceaanvragen en volgt de servicestatus; maakt \
                 nooit beheerders en verwijdert nooit een hoofdbeheerder.",
            ),
            Self::Exchange => Words::new(
                "Manages mail: shared contacts, distribution groups and mail-enabled security \
                 groups.",
                "Beheert mail: gedeelde contactpersonen, distributiegroepen en \
                 beveiligingsgroepen met e-mail.",
            ),
            Self::SharePoint => {
                Words::new("Manages sites and their content.", "Beheert sites en hun inhoud.")
            }
            Self::Skype => Words::new(
                "Manages meetings, calls and presence.",
                "Beheert vergaderingen, gesprekken en aanwezigheid.",
            ),
        }
    }
}

impl Permission {
    /// Name for people.
    pub const fn name(self) -> Words {
        match self {
            Self::ViewOrganizationAndUsers => Words::new(
                "View organisation and user information",
                "Organisatie en gebruikersinformatie weergeven",
            ),
            Self::ManageSupportTickets => {
                Words::new("Manage support tickets", "Ondersteuningstickets beheren")
            }
            Self::ResetUserPasswords => {
                Words::new("Reset user passwords", "Gebruikerswachtwoorden opnieuw instellen")
            }
            Self::PerformBillingAndPurchasing => Words::new(
                "Perform billing and purchasing operations",
                "Facturerings- en inkoopbewerkingen uitvoeren",
            ),
            Self::ViewUsersAndRoles => {
                Words::new("View users and roles", "Gebruikers en rollen weergeven")
            }
            Self::ManageUsersAndGroups => Words::new(
                "Create, edit and delete users and groups",
                "Gebruikers en groepen maken, bewerken en verwijderen",
            ),
            Self::ManageUserLicenses => {
                Words::new("Manage user licences", "Gebruikerslicenties beheren")
            }
            Self::ViewUserLicenses => {
                Words::new("View user licences", "Gebruikerslicenties weergeven")
            }
            Self::ManageDomains => Words::new("Manage domains", "Domeinen beheren"),
            Self::ManageOrganization => {
                Words::new("Manage organisation information", "Organisatiegegevens beheren")
            }
            Self::ViewServiceHealthAndMessages => Words::new(
                "View service status and the message centre",
                "Servicestatus en berichten van het berichtencentrum weergeven",
            ),
            Self::DelegateAdminRoles => Words::new(
                "Delegate administrator roles to others",
                "Beheerdersrollen aan anderen delegeren",
            ),
            Self::UseDirectorySync => Words::new(
                "Use directory synchronisation",
                "Synchronisatie van adreslijsten gebruiken",
            ),
            Self::ManageReports => Words::new("Manage reports", "Rapportage beheren"),
            Self::ManageMobileDevices => {
                Words::new("Manage mobile devices", "Mobiele apparaten beheren")
            }
            Self::ManageContacts => {
                Words::new("Manage shared contacts", "Gedeelde contactpersonen beheren")
            }
            Self::ManageRecipients => {
                Words::new("Manage mail-enabled groups", "Groepen met e-mail beheren")
            }
            Self::ReadDirectory => {
                Words::new("Read the directory's public properties", "Openbare gegevens lezen")
            }
        }
    }
}

impl Cell {
    /// What a person reads in the cell.
    pub const fn name(self) -> Words {
        match self {
            Self::No => Words::new("No", "Nee"),
            Self::Yes => Words::new("Yes", "Ja"),
            Self::View => Words::new("Yes (a)", "Ja (a)"),
            Self::NonAdmins => Words::new("Limited (b)", "Beperkt (b)"),
            Self::Limited => Words::new("Limited (c)", "Beperkt (c)"),
        }
    }

    /// Letter and text of the footnote.
    pub const fn footnote(self) -> Option<(&'static str, Words)> {
        match self {
            Self::No | Self::Yes => None,
            Self::View => Some((
                "a",
                Words::new("Can view, but cannot edit.", "Kan weergeven, maar niet bewerken."),
            )),
            Self::NonAdmins => Some((
                "b",
                Words::new(
                    "Only for people who hold no administrator role.",
                    "Alleen voor mensen zonder beheerdersrol.",
                ),
            )),
            Self::Limited => Some((
                "c",
                Words::new(
                    "Cannot delete a global administrator and cannot create other administrators.",
                    "Kan geen hoofdbeheerder verwijderen en geen andere beheerders maken.",
                ),
            )),
        }
    }
}
