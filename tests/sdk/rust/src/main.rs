//! One step of a task runner for each line, with the AWS SDK for Rust.
//! ../README.md says what the lines are.

use aws_config::BehaviorVersion;
use aws_sdk_datapipeline::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_datapipeline::operation::RequestId;
use aws_sdk_datapipeline::types::{Field, TaskStatus};
use aws_sdk_datapipeline::{Client, Error};

struct Runner {
    service: Client,
    host: String,
}

/// An answer, or the error and its HTTP status.
type Answer = Result<Vec<String>, (Error, Option<u16>)>;

/// Keeps the status, which the service's own error has not.
fn refusal<E>(error: SdkError<E>) -> (Error, Option<u16>)
where
    Error: From<SdkError<E>>,
{
    let status = error.raw_response().map(|answer| answer.status().as_u16());
    (error.into(), status)
}

fn words(text: &[&str]) -> Vec<String> {
    text.iter().map(|word| word.to_string()).collect()
}

impl Runner {
    async fn poll(&self, group: &str) -> Answer {
        let request = self
            .service
            .poll_for_task()
            .worker_group(group)
            .hostname(&self.host);
        let answer = request.send().await.map_err(refusal)?;
        let Some(task) = answer.task_object() else {
            return Ok(words(&["none"]));
        };
        let command = task
            .objects()
            .and_then(|objects| objects.get(task.attempt_id()?))
            .and_then(|attempt| {
                attempt
                    .fields()
                    .iter()
                    .find(|field| field.key() == "command")
            })
            .and_then(Field::string_value);
        Ok(words(&[
            "task",
            task.task_id().unwrap_or_default(),
            command.unwrap_or_default(),
        ]))
    }

    async fn report(&self, task: &str, percent: &str) -> Answer {
        let field = Field::builder()
            .key("percentComplete")
            .string_value(percent)
            .build();
        let request = self.service.report_task_progress().task_id(task);
        let request = request.fields(field.expect("has a key"));
        let answer = request.send().await.map_err(refusal)?;
        Ok(words(&[if answer.canceled() {
            "canceled"
        } else {
            "continue"
        }]))
    }

    async fn finish(&self, task: &str) -> Answer {
        let request = self.service.set_task_status().task_id(task);
        request
            .task_status(TaskStatus::Finished)
            .send()
            .await
            .map_err(refusal)?;
        Ok(words(&["ok"]))
    }

    async fn fail(&self, task: &str, id: &str, message: &str) -> Answer {
        let request = self.service.set_task_status().task_id(task);
        let request = request
            .task_status(TaskStatus::Failed)
            .error_id(id)
            .error_message(message);
        request.send().await.map_err(refusal)?;
        Ok(words(&["ok"]))
    }

    async fn heartbeat(&self, id: &str) -> Answer {
        let request = self
            .service
            .report_task_runner_heartbeat()
            .taskrunner_id(id);
        let answer = request.hostname(&self.host).send().await.map_err(refusal)?;
        Ok(words(&[if answer.terminate() {
            "terminate"
        } else {
            "continue"
        }]))
    }

    async fn perform(&self, step: &[&str]) -> Answer {
        match step {
            ["poll", group] => self.poll(group).await,
            ["report", task, percent] => self.report(task, percent).await,
            ["finish", task] => self.finish(task).await,
            ["fail", task, id, message] => self.fail(task, id, message).await,
            ["heartbeat", id] => self.heartbeat(id).await,
            _ => panic!("no such step: {step:?}"),
        }
    }
}

fn failure(error: &Error, status: Option<u16>) -> Vec<String> {
    let Some(status) = status else {
        return words(&[
            "broken",
            "",
            "",
            "",
            &DisplayErrorContext(error).to_string(),
        ]);
    };
    let kind = match error {
        Error::TaskNotFoundException(_) => "gone",
        _ => "error",
    };
    words(&[
        kind,
        error.code().unwrap_or_default(),
        &status.to_string(),
        error.request_id().unwrap_or_default(),
        error.message().unwrap_or_default(),
    ])
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    // Endpoint, region and keys: environment.
    let settings = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname")?
        .trim()
        .to_string();
    let runner = Runner {
        service: Client::new(&settings),
        host,
    };
    for line in std::io::stdin().lines() {
        let line = line?;
        let step: Vec<&str> = line.split('\t').collect();
        let answer = match runner.perform(&step).await {
            Ok(answer) => answer,
            Err((error, status)) => failure(&error, status),
        };
        println!("{}", answer.join("\t"));
    }
    Ok(())
}
