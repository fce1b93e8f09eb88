// One step of a task runner for each line, with the AWS SDK for Go v2.
// ../README.md says what the lines are.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/datapipeline"
	"github.com/aws/aws-sdk-go-v2/service/datapipeline/types"
	"github.com/aws/smithy-go"
)

type runner struct {
	service *datapipeline.Client
	host    string
}

func (r runner) poll(ctx context.Context, group string) ([]string, error) {
	answer, err := r.service.PollForTask(ctx, &datapipeline.PollForTaskInput{
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
	for _, field := range task.Objects[aws.ToString(task.AttemptId)].Fields {
		if aws.ToString(field.Key) == "command" {
			return []string{"task", aws.ToString(task.TaskId), aws.ToString(field.StringValue)}, nil
		}
	}
	return nil, errors.New("a task without a command")
}

func (r runner) report(ctx context.Context, task, percent string) ([]string, error) {
	answer, err := r.service.ReportTaskProgress(ctx, &datapipeline.ReportTaskProgressInput{
		TaskId: aws.String(task),
		Fields: []types.Field{{
			Key:         aws.String("percentComplete"),
			StringValue: aws.String(percent),
		}},
	})
	if err == nil && answer.Canceled {
		return []string{"canceled"}, nil
	}
	return []string{"continue"}, err
}

func (r runner) finish(ctx context.Context, task string) ([]string, error) {
	_, err := r.service.SetTaskStatus(ctx, &datapipeline.SetTaskStatusInput{
		TaskId:     aws.String(task),
		TaskStatus: types.TaskStatusFinished,
	})
	return []string{"ok"}, err
}

func (r runner) fail(ctx context.Context, task, id, message string) ([]string, error) {
	_, err := r.service.SetTaskStatus(ctx, &datapipeline.SetTaskStatusInput{
		TaskId:       aws.String(task),
		TaskStatus:   types.TaskStatusFailed,
		ErrorId:      aws.String(id),
		ErrorMessage: aws.String(message),
	})
	return []string{"ok"}, err
}

func (r runner) heartbeat(ctx context.Context, id string) ([]string, error) {
	answer, err := r.service.ReportTaskRunnerHeartbeat(ctx, &datapipeline.ReportTaskRunnerHeartbeatInput{
		TaskrunnerId: aws.String(id),
		Hostname:     aws.String(r.host),
	})
	if err == nil && answer.Terminate {
		return []string{"terminate"}, nil
	}
	return []string{"continue"}, err
}

func (r runner) perform(ctx context.Context, words []string) ([]string, error) {
	switch words[0] {
	case "poll":
		return r.poll(ctx, words[1])
	case "report":
		return r.report(ctx, words[1], words[2])
	case "finish":
		return r.finish(ctx, words[1])
	case "fail":
		return r.fail(ctx, words[1], words[2], words[3])
	case "heartbeat":
		return r.heartbeat(ctx, words[1])
	}
	return nil, fmt.Errorf("no step %q", words[0])
}

// failure tells an error that a step ended with.
func failure(err error) []string {
	var refused smithy.APIError
	var response *awshttp.ResponseError
	if !errors.As(err, &refused) || !errors.As(err, &response) {
		return []string{"broken", fmt.Sprintf("%T", err), "", "", err.Error()}
	}
	kind := "error"
	var gone *types.TaskNotFoundException
	if errors.As(err, &gone) {
		kind = "gone"
	}
	return []string{kind, refused.ErrorCode(), fmt.Sprint(response.HTTPStatusCode()),
		response.ServiceRequestID(), refused.ErrorMessage()}
}

func main() {
	ctx := context.Background()
	// Endpoint, region and keys: environment.
	settings, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		log.Fatal(err)
	}
	host, err := os.Hostname()
	if err != nil {
		log.Fatal(err)
	}
	r := runner{datapipeline.NewFromConfig(settings), host}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		answer, err := r.perform(ctx, strings.Split(lines.Text(), "\t"))
		if err != nil {
			answer = failure(err)
		}
		fmt.Println(strings.Join(answer, "\t"))
	}
}
