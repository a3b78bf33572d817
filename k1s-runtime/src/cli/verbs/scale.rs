//! `scale`: sets how many replicas objects want, through their scale subresource.

use serde_json::{Value, json};

use crate::Object;
use crate::cli::context::{Context, wait};
use crate::cli::error::Error;
use crate::cli::files::FileFlags;
use crate::cli::outcome::Outcomes;
use crate::cli::print::PrintFlags;
use crate::cli::resources::{Info, Selection, decode};
use crate::cli::write::{self, DryRunFlag, Strategy, failed_command};
use crate::client::{FieldValidation, GetRequest, Patch, Subresource, Target};

/// Arguments of `scale`.
#[derive(clap::Args)]
pub(crate) struct ScaleArgs {
    /// TYPE NAME…, or TYPE/NAME….
    words: Vec<String>,
    #[command(flatten)]
    files: FileFlags,
    /// Scale only objects with such labels.
    #[arg(short = 'l', long, value_name = "SELECTOR")]
    selector: Option<String>,
    /// Scale all objects of the types that are named.
    #[arg(long)]
    all: bool,
    /// How many there are to be. Required.
    #[arg(long, value_name = "COUNT", allow_negative_numbers = true)]
    replicas: Option<i32>,
    /// Scale only if so many are wanted now; -1 asks for nothing.
    #[arg(long, value_name = "COUNT", default_value_t = ANY, allow_negative_numbers = true)]
    current_replicas: i32,
    /// Scale only if this is the object's resourceVersion.
    #[arg(long, value_name = "VERSION", default_value = "")]
    resource_version: String,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    output: PrintFlags,
}

/// `--current-replicas` that asks for nothing.
const ANY: i32 = -1;

pub(crate) fn run(args: &ScaleArgs, context: &mut Context<'_>) -> Result<(), Error> {
    let Some(replicas) = args.replicas else {
        return Err(failed_command("required flag(s) \"replicas\" not set", context)?);
    };
    let strategy = args.dry_run.strategy(context)?;
    args.check(replicas)?;
    let mut outcomes = Outcomes::new(&args.output, strategy, context)?;
    let selection = Selection {
        words: &args.words,
        files: args.files.clone(),
        labels: args.selector.as_deref(),
        all: args.all,
        ..Selection::default()
    };
    let (infos, unreadable) = selection.resolve(context)?.infos(context);
    if infos.len() > 1 && !args.resource_version.is_empty() {
        return Err(Error::message("cannot use --resource-version with multiple resources"));
    }
    if infos.is_empty() {
        let why = match unreadable {
            Ok(()) => "<nil>".to_owned(),
            Err(Error::Status(status)) => status.message,
            Err(other) => other.as_one_of_many(),
        };
        return Err(Error::message(format!("no objects passed to scale {why}")));
    }
    for info in infos {
        if strategy != Strategy::Client {
            args.scale(&info, replicas, strategy, context)?;
        }
        outcomes.print(&info.object, "scaled", context)?;
    }
    unreadable
}

impl ScaleArgs {
    fn check(&self, replicas: i32) -> Result<(), Error> {
        if replicas < 0 {
            return Err(Error::message(
                "The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0",
            ));
        }
        if self.current_replicas < ANY {
            return Err(Error::message("The --current-replicas must specify an integer of -1 or greater"));
        }
        Ok(())
    }

    fn scale(
        &self,
        info: &Info,
        replicas: i32,
        strategy: Strategy,
        context: &mut Context<'_>,
    ) -> Result<(), Error> {
        let manager = context.name().to_owned();
        let wanted = json!({"spec": {"replicas": replicas}});
        let request = if self.current_replicas == ANY && self.resource_version.is_empty() {
            write::patch(info, Patch::Merge(wanted), Some(Subresource::Scale), strategy, &manager)
        } else {
            let mut scale = self.present(info, context)?;
            scale.0.insert("spec".into(), wanted["spec"].clone());
            let mut request = write::update(info, scale, strategy, FieldValidation::Ignore, &manager);
            request.subresource = Some(Subresource::Scale);
            request
        };
        write::send(request, context).map(drop)
    }

    /// The object's Scale, if it is what the command line expects.
    fn present(&self, info: &Info, context: &mut Context<'_>) -> Result<Object, Error> {
        let target = Target { gvk: info.definition.gvk(), namespace: info.namespace.clone() };
        let request = GetRequest {
            target,
            name: info.name.clone(),
            subresource: Some(Subresource::Scale),
            resource_version: None,
        };
        let scale = decode(&wait(context.client()?.get(&request))?)?;
        let spec = scale.0.get("spec").and_then(|spec| spec.get("replicas"));
        let found = spec.and_then(Value::as_i64).unwrap_or(0);
        if self.current_replicas != ANY && i64::from(self.current_replicas) != found {
            let expected = self.current_replicas;
            return Err(Error::message(format!("Expected replicas to be {expected}, was {found}")));
        }
        let version = scale.resource_version().unwrap_or_default();
        if !self.resource_version.is_empty() && self.resource_version != version {
            let (expected, found) = (&self.resource_version, version);
            return Err(Error::message(format!("Expected resource version to be {expected}, was {found}")));
        }
        Ok(scale)
    }
}
