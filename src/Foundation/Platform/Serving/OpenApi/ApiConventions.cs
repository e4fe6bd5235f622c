using Groundwork.Platform.Access;
using Groundwork.Platform.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Groundwork.Platform.Serving;

/// <summary>Writes into the API's description what holds for every endpoint: problems, and who may call.</summary>
internal static class ApiConventions
{
    private const string Scheme = "key";

    private const string ProblemSchema = "Problem";

    public static void Apply(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = description =>
            description.HttpMethod != "HEAD" && !description.ActionDescriptor.EndpointMetadata.OfType<ControlOnly>().Any();
        options.CreateSchemaReferenceId = info => Optional.ValueOf(info.Type) == info.Type ? OpenApiOptions.CreateDefaultSchemaReferenceId(info) : null;
        options.AddSchemaTransformer(async (schema, context, cancellationToken) =>
        {
            if (Optional.ValueOf(context.JsonTypeInfo.Type) is var type && type != context.JsonTypeInfo.Type)
                Describe(schema, await context.GetOrCreateSchemaAsync(type, cancellationToken: cancellationToken));
        });
        options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            Describe(operation, context);
            return Task.CompletedTask;
        });
    }

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Groundwork",
            Version = ApiDocument.Name,
            Description = "JSON in snake_case, times in RFC 3339 UTC, durations in seconds. Listings are paged with `limit` and `cursor`. "
                + "Creates take an `Idempotency-Key`. Errors are problem details (RFC 9457); their types are explained at /docs/problems.",
        };
        document.Components ??= new OpenApiComponents();
        document.AddComponent(Scheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An API key, or a token of the configured authority. While only loopback is served, none is needed.",
        });
        document.AddComponent(ProblemSchema, new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "What is wrong and what to do (RFC 9457).",
            Required = new HashSet<string> { "type", "title", "status", "detail", "trace_id" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = Text("Which kind; it never changes, and is explained at this address."),
                ["title"] = Text("The kind, in words."),
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The HTTP status." },
                ["detail"] = Text("What is wrong this time, and what to do."),
                ["member"] = Text("The member or parameter that is wrong."),
                ["trace_id"] = Text("What to quote to whoever runs the server."),
            },
        });
    }

    // Optional is how it is read; what is written is the value, or null.
    private static void Describe(OpenApiSchema optional, OpenApiSchema value)
    {
        optional.Type = value.Type | JsonSchemaType.Null;
        optional.Format = value.Format;
        optional.Items = value.Items;
        optional.Pattern = value.Pattern;
    }

    private static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        operation.Responses ??= [];
        operation.Responses.TryAdd("default", new OpenApiResponse
        {
            Description = "A problem.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(ProblemSchema, context.Document) },
            },
        });

        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<EndpointAccess>().LastOrDefault() is { Scope: { } scope })
        {
            operation.Security =
            [
                new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [scope.Name] },
            ];
        }
    }

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
