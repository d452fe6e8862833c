// Package models picks the model of an example by what its user has set.
package models

import (
	"cmp"
	"fmt"
	"os"
	"strings"

	"github.com/tmc/langchaingo/embeddings"
	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/anthropic"
	"github.com/tmc/langchaingo/llms/openai"

	"github.com/frontdesk-go/frontdesk/agent"
	"github.com/frontdesk-go/frontdesk/agent/langchain"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// Names are the choices of Pick, for a flag's help.
const Names = "auto, extractive, openai, anthropic or ollama, each but the first two with :MODEL behind it if wanted; " +
	"of several, with commas between them, each stands in for the one before"

// Pick returns the model of a name, and what to call it. "auto" takes OpenAI or
// Anthropic if OPENAI_API_KEY or ANTHROPIC_API_KEY is set, Ollama if
// OLLAMA_HOST is, and else quotes the sources.
func Pick(name string) (agent.Model, string, error) {
	var models []agent.Model
	var names []string
	for part := range strings.SplitSeq(name, ",") {
		model, called, err := pick(part)
		if err != nil {
			return nil, "", err
		}
		models, names = append(models, model), append(names, called)
	}
	if names[0] == "extractive" {
		return models[0], names[0], nil
	}
	return agent.Fallback(models...), strings.Join(names, ", then "), nil
}

// pick returns one model.
func pick(name string) (agent.Model, string, error) {
	kind, model, _ := strings.Cut(name, ":")
	if kind == "auto" {
		kind = available()
	}
	var llm llms.Model
	var options langchain.Options
	var err error
	switch kind {
	case "extractive":
		return agent.Extractive{}, "extractive", nil
	case "openai":
		model = cmp.Or(model, "gpt-4o-mini")
		llm, err = openai.New(openai.WithModel(model), openai.WithHTTPClient(&langchain.Client{}))
	case "anthropic":
		model = cmp.Or(model, "claude-3-5-haiku-latest")
		options.SplitCalls = true
		llm, err = anthropic.New(anthropic.WithModel(model), anthropic.WithHTTPClient(&langchain.Client{}))
	case "ollama":
		model = cmp.Or(model, "llama3.2")
		// Ollama speaks OpenAI's protocol too, and better: with tools and usage.
		llm, err = openai.New(openai.WithModel(model), openai.WithBaseURL(ollama()+"/v1"), openai.WithToken("ollama"), openai.WithHTTPClient(&langchain.Client{}))
	default:
		return nil, "", fmt.Errorf("there is no model %q: want %s", name, Names)
	}
	if err != nil {
		return nil, "", fmt.Errorf("model %s: %w", kind, err)
	}
	return langchain.New(llm, &options), kind + " " + model, nil
}

// available returns the first kind of model that the environment has set up.
func available() string {
	for _, c := range []struct{ variable, kind string }{
		{"OPENAI_API_KEY", "openai"}, {"ANTHROPIC_API_KEY", "anthropic"}, {"OLLAMA_HOST", "ollama"},
	} {
		if os.Getenv(c.variable) != "" {
			return c.kind
		}
	}
	return "extractive"
}

// Embedders are the choices of Embedder, for a flag's help.
const Embedders = "hash, openai or ollama, the last two with :MODEL behind it if wanted"

// Embedder returns the embedder of a name.
func Embedder(name string) (retrieval.Embedder, error) {
	kind, model, _ := strings.Cut(name, ":")
	options := []openai.Option{openai.WithHTTPClient(&langchain.Client{})}
	switch kind {
	case "hash":
		return retrieval.HashEmbedder{}, nil
	case "openai":
		options = append(options, openai.WithEmbeddingModel(cmp.Or(model, "text-embedding-3-small")))
	case "ollama":
		options = append(options, openai.WithEmbeddingModel(cmp.Or(model, "nomic-embed-text")), openai.WithBaseURL(ollama()+"/v1"), openai.WithToken("ollama"))
	default:
		return nil, fmt.Errorf("there is no embedder %q: want %s", name, Embedders)
	}
	client, err := openai.New(options...)
	if err != nil {
		return nil, fmt.Errorf("embedder %s: %w", kind, err)
	}
	return embeddings.NewEmbedder(client)
}

// ollama is where Ollama serves.
func ollama() string { return cmp.Or(os.Getenv("OLLAMA_HOST"), "http://127.0.0.1:11434") }
