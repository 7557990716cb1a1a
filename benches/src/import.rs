//! The import of a large file, watched from outside.

use crate::directory::Directory;
use crate::http::Connection;
use crate::{Outcome, say};
use serde_json::Value;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Pause between two looks at the job and at the memory of the service.
const PAUSE: Duration = Duration::from_millis(250);
/// After this time the benchmark gives up.
const PATIENCE: Duration = Duration::from_secs(600);

/// An import that succeeded.
pub(crate) struct Imported {
    /// Rows of the file.
    pub(crate) rows: u32,
    /// From the first byte sent until the job was seen to be complete.
    pub(crate) took: Duration,
    /// CPU time of the service.
    pub(crate) cpu: Duration,
    /// Memory of the service before, and at each look, in MiB.
    pub(crate) memory: Vec<f64>,
}

/// Imports as many new users; none where the build under measurement has no imports yet.
pub(crate) async fn run(directory: &Directory, rows: u32) -> Outcome<Option<Imported>> {
    let process = &directory.process;
    let mut memory = vec![process.memory()?];
    let (before, started) = (process.cpu()?, Instant::now());
    let target = "/v1.0/imports?usageLocation=NL&accountEnabled=true";
    let upload = directory.post(target, "text/csv", &file(rows));
    let mut connection = Connection::open(process.address).await?;
    let answer = connection.exchange(&upload).await?;
    if answer.status == 404 {
        return Ok(None);
    }
    let job: Value = serde_json::from_slice(&answer.expect(202)?)?;
    let id = job.get("id").and_then(Value::as_str).ok_or("the job has no id")?;
    let look = directory.get(&format!("/v1.0/imports/{id}"));
    loop {
        memory.push(process.memory()?);
        let job: Value = serde_json::from_slice(&connection.exchange(&look).await?.expect(200)?)?;
        let took = started.elapsed();
        match job.get("status").and_then(Value::as_str) {
            Some("completed") => {
                created(&job, rows)?;
                let cpu = process.cpu()?.saturating_sub(before);
                let imported = Imported { rows, took, cpu, memory };
                say(&format!("import: {:.0} rows/s", imported.rate()));
                return Ok(Some(imported));
            }
            Some("failed") => return Err(format!("the import failed: {job}").into()),
            _ if took > PATIENCE => return Err(format!("the import goes on: {job}").into()),
            _ => tokio::time::sleep(PAUSE).await,
        }
    }
}

impl Imported {
    /// Rows per second.
    pub(crate) fn rate(&self) -> f64 {
        f64::from(self.rows) / self.took.as_secs_f64()
    }

    /// Most memory in the first and in the second half of the time, in MiB.
    pub(crate) fn halves(&self) -> (f64, f64) {
        let (first, second) = self.memory.split_at(self.memory.len() / 2);
        let most = |half: &[f64]| half.iter().copied().fold(0.0, f64::max);
        (most(first), most(second))
    }
}

/// Every row has to have become a user.
fn created(job: &Value, rows: u32) -> Outcome<()> {
    match job.pointer("/counts/created").and_then(Value::as_u64) {
        Some(created) if created == u64::from(rows) => Ok(()),
        _ => Err(format!("not every row became a user: {job}").into()),
    }
}

/// A file in the layout with 16 columns.
fn file(rows: u32) -> String {
    let mut file = String::from(
        "Username,First name,Last name,Display name,Job title,Department,Office number,\
         Office phone,Mobile phone,Fax,Alternate email address,Address,City,State or province,\
         ZIP or postal code,Country or region\n",
    );
    for row in 0..rows {
        let (given, family) = name(row);
        let user = format!("{given}.{family}{row}").replace(' ', "").to_lowercase();
        let _ = writeln!(
            file,
            "{user}@contoso.onroster.example,{given},{family},{given} {family},\
             Specialist,Finance,19.160,+31 20 {phone},+31 6 24461484,,{user}@mail.example,\
             Dorpsstraat 18,Amsterdam,NH,1012 AB,Netherlands",
            phone = 8_117_092 + row,
        );
    }
    file
}

/// Given and family name of an imported person: some thousand different ones, each shared by as
/// many people as in an organisation of that size.
pub(crate) fn name(row: u32) -> (&'static str, String) {
    const GIVEN: [&str; 24] = [
        "Daan", "Sem", "Lucas", "Finn", "Milan", "Luuk", "Jesse", "Thijs", "Ruben", "Jasper",
        "Maarten", "Willem", "Emma", "Julia", "Sophie", "Tess", "Sara", "Anna", "Mila", "Lotte",
        "Fleur", "Femke", "Sanne", "Iris",
    ];
    const FAMILY: [&str; 20] = [
        "de Jong",
        "Jansen",
        "de Vries",
        "van den Berg",
        "van Dijk",
        "Bakker",
        "Visser",
        "Smit",
        "Meijer",
        "de Boer",
        "Mulder",
        "de Groot",
        "Bos",
        "Vos",
        "Peters",
        "Hendriks",
        "van Leeuwen",
        "Dekker",
        "van der Veen",
        "Hoekstra",
    ];
    const SECOND: [&str; 9] =
        ["", "-Kok", "-Prins", "-Maas", "-Blom", "-Post", "-Vink", "-Groen", "-Kuipers"];
    // Neighbours in the file differ in all three parts.
    let pick = |from: &[&'static str], step: u32| {
        let at = usize::try_from(row.wrapping_mul(2_654_435_761) / step).unwrap_or_default();
        from.get(at % from.len().max(1)).copied().unwrap_or_default()
    };
    (pick(&GIVEN, 7), format!("{}{}", pick(&FAMILY, 1_001), pick(&SECOND, 77_003)))
}
