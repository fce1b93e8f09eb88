// One step of a task runner for each line, with the AWS SDK for Go v1.
// ../README.md says what the lines are.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/awserr"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/datapipeline"
)

type runner struct {
	service *datapipeline.DataPipeline
	host    string
}

func (r runner) poll(group string) ([]string, error) {
	answer, err := r.service.PollForTask(&datapipeline.PollForTaskInput{
		WorkerGroup: aws.String(group),
		Hostname:    aws.String(r.host),
	})
	if err != nil {
		return nil, err
	}
	task := answer.TaskObject
	if task == nil {
		return []string{"none"}, nil
	}
	for _, field := range task.Objects[aws.StringValue(task.AttemptId)].Fields {
		if aws.StringValue(field.Key) == "command" {
			return []string{"task", aws.StringValue(task.TaskId), aws.StringValue(field.StringValue)}, nil
		}
	}
	return nil, errors.New("a task without a command")
}

func (r runner) report(task, percent string) ([]string, error) {
	answer, err := r.service.ReportTaskProgress(&datapipeline.ReportTaskProgressInput{
		TaskId: aws.String(task),
		Fields: []*datapipeline.Field{{
			Key:         aws.String("percentComplete"),
			StringValue: aws.String(percent),
		}},
	})
	if err == nil && aws.BoolValue(answer.Canceled) {
		return []string{"canceled"}, nil
	}
	return []string{"continue"}, err
}

func (r runner) finish(task string) ([]string, error) {
	_, err := r.service.SetTaskStatus(&datapipeline.SetTaskStatusInput{
		TaskId:     aws.String(task),
		TaskStatus: aws.String(datapipeline.TaskStatusFinished),
	})
	return []string{"ok"}, err
}

func (r runner) fail(task, id, message string) ([]string, error) {
	_, err := r.service.SetTaskStatus(&datapipeline.SetTaskStatusInput{
		TaskId:       aws.String(task),
		TaskStatus:   aws.String(datapipeline.TaskStatusFailed),
		ErrorId:      aws.String(id),
		ErrorMessage: aws.String(message),
	})
	return []string{"ok"}, err
}

func (r runner) heartbeat(id string) ([]string, error) {
	answer, err := r.service.ReportTaskRunnerHeartbeat(&datapipeline.ReportTaskRunnerHeartbeatInput{
		TaskrunnerId: aws.String(id),
		Hostname:     aws.String(r.host),
	})
	if err == nil && aws.BoolValue(answer.Terminate) {
		return []string{"terminate"}, nil
	}
	return []string{"continue"}, err
}

func (r runner) perform(words []string) ([]string, error) {
	switch words[0] {
	case "poll":
		return r.poll(words[1])
	case "report":
		return r.report(words[1], words[2])
	case "finish":
		return r.finish(words[1])
	case "fail":
		return r.fail(words[1], words[2], words[3])
	case "heartbeat":
		return r.heartbeat(words[1])
	}
	return nil, fmt.Errorf("no step %q", words[0])
}

// failure tells an error that a step ended with.
func failure(err error) []string {
	var refused awserr.RequestFailure
	if !errors.As(err, &refused) || refused.StatusCode() == 0 {
		return []string{"broken", fmt.Sprintf("%T", err), "", "",
			strings.Join(strings.Fields(err.Error()), " ")}
	}
	kind := "error"
	var gone *datapipeline.TaskNotFoundException
	if errors.As(err, &gone) {
		kind = "gone"
	}
	return []string{kind, refused.Code(), fmt.Sprint(refused.StatusCode()),
		refused.RequestID(), refused.Message()}
}

func main() {
	// Region and keys: environment, which this SDK does not ask for the endpoint.
	settings, err := session.NewSession(&aws.Config{
		Endpoint: aws.String(os.Getenv("AWS_ENDPOINT_URL")),
	})
	if err != nil {
		log.Fatal(err)
	}
	host, err := os.Hostname()
	if err != nil {
		log.Fatal(err)
	}
	r := runner{datapipeline.New(settings), host}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		answer, err := r.perform(strings.Split(lines.Text(), "\t"))
		if err != nil {
			answer = failure(err)
		}
		fmt.Println(strings.Join(answer, "\t"))
	}
}
