using System.Text.Json;
using Tributary.Server.Greenfield.Frame;
using Tributary.Server.Greenfield.Server;

namespace Tributary.Server.Greenfield.Document;

/// <summary>
/// Writes the OpenAPI 3.1 document of everything below <c>/api/v1</c> from the routes that the server maps: their rules say what they are, and each
/// handler is asked once what it reads.
/// </summary>
internal sealed class GreenfieldDocument(EndpointDataSource routes, IServiceProvider services) : IDisposable
{
    private readonly SemaphoreSlim _once = new(1);
    private ReadOnlyMemory<byte>? _text;

    private sealed record Operation(string Path, string Method, GreenfieldRule Rule, IReadOnlyList<string> Parts, GreenfieldRecord Record);

    /// <summary>The document, made when it is first asked for.</summary>
    public async Task<GreenfieldAnswer> GetAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refusal)
            return refusal;
        await _once.WaitAsync(cancellationToken);
        try
        {
            _text ??= Write(await OperationsAsync(cancellationToken));
            return new GreenfieldAnswer(StatusCodes.Status200OK, _text.Value);
        }
        finally
        {
            _once.Release();
        }
    }

    public void Dispose() => _once.Dispose();

    private async Task<List<Operation>> OperationsAsync(CancellationToken cancellationToken)
    {
        var operations = new List<Operation>();
        await using var scope = services.CreateAsyncScope();
        foreach (var endpoint in routes.Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<GreenfieldRule>() is not { } rule || endpoint.Metadata.GetMetadata<GreenfieldOperation>() is not { } operation)
                continue;
            var record = new GreenfieldRecord();

            // The handler runs as far as it reads, and is stopped there.
            await operation.Run(scope.ServiceProvider, GreenfieldCall.Describe(rule, record), cancellationToken);
            var parts = endpoint.RoutePattern.Parameters.Select(static parameter => parameter.Name).ToArray();
            operations.AddRange(endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method =>
                new Operation(endpoint.RoutePattern.RawText!, method.ToLowerInvariant(), rule, parts, record)));
        }

        return operations;
    }

    private static ReadOnlyMemory<byte> Write(List<Operation> operations) => GreenfieldAnswer.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("openapi", "3.1.0");
        writer.WriteStartObject("info");
        writer.WriteString("title", "Tributary, in the shape of BTCPay's Greenfield API");
        writer.WriteString("version", ServerInfoHandlers.DialectVersion);
        writer.WriteString("description", "Objects have the shape of BTCPay Server's API of this version; what differs is listed in docs/api.md.");
        writer.WriteEndObject();
        writer.WriteStartObject("paths");
        foreach (var path in operations.GroupBy(static operation => operation.Path, StringComparer.Ordinal).OrderBy(static path => path.Key, StringComparer.Ordinal))
        {
            writer.WriteStartObject(path.Key);
            foreach (var operation in path.OrderBy(static operation => operation.Method, StringComparer.Ordinal))
                WriteOperation(writer, operation);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        WriteComponents(writer, operations);
        writer.WriteEndObject();
    }).Body;

    private static void WriteOperation(Utf8JsonWriter writer, Operation operation)
    {
        var rule = operation.Rule;
        writer.WriteStartObject(operation.Method);
        writer.WriteString("operationId", operation.Method + operation.Path[GreenfieldRoutes.Prefix.Length..].Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal).Replace('/', '_'));
        writer.WriteString("summary", rule.Summary);
        if (rule.Policy is not null)
            writer.WriteString("x-permission", rule.Policy);
        writer.WriteStartArray("parameters");
        foreach (var part in operation.Parts)
            WriteParameter(writer, part, "path", isRequired: true, new GreenfieldRecord.Member(part, "string", false));
        foreach (var member in operation.Record.Members.Where(static member => member.IsQuery))
            WriteParameter(writer, member.Path, "query", isRequired: false, member);
        writer.WriteEndArray();
        var body = operation.Record.Members.Where(static member => !member.IsQuery).ToArray();
        if (body.Length > 0)
        {
            writer.WriteStartObject("requestBody");
            writer.WriteStartObject("content");
            writer.WriteStartObject("application/json");
            writer.WriteStartObject("schema");
            GreenfieldSchemas.WriteObject(writer, body, "");
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        WriteResponses(writer, rule, body.Length > 0 || operation.Record.Members.Count > 0);
        writer.WriteStartArray("security");
        if (rule.Scope != GreenfieldScope.Public)
        {
            foreach (var scheme in (ReadOnlySpan<string>)["token", "basic"])
            {
                writer.WriteStartObject();
                writer.WriteStartArray(scheme);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteParameter(Utf8JsonWriter writer, string name, string place, bool isRequired, GreenfieldRecord.Member member)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteString("in", place);
        writer.WriteBoolean("required", isRequired);
        writer.WriteStartObject("schema");
        GreenfieldSchemas.WriteMember(writer, member);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteResponses(Utf8JsonWriter writer, GreenfieldRule rule, bool hasInput)
    {
        writer.WriteStartObject("responses");
        writer.WriteStartObject("200");
        writer.WriteString("description", rule.Answer.Length == 0 ? "Done; the body is empty." : "Done.");
        if (rule.Answer.Length > 0)
        {
            writer.WriteStartObject("content");
            writer.WriteStartObject("application/json");
            writer.WriteStartObject("schema");
            var isList = rule.Answer.EndsWith("[]", StringComparison.Ordinal);
            if (isList)
            {
                writer.WriteString("type", "array");
                writer.WriteStartObject("items");
            }

            writer.WriteString("$ref", "#/components/schemas/" + GreenfieldSchemas.NameOf(rule.Answer));
            if (isList)
                writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        if (hasInput)
            WriteFailure(writer, "422", "A value is wrong.", GreenfieldSchemas.Problems);
        if (rule.Scope != GreenfieldScope.Public)
        {
            WriteFailure(writer, "401", "No key, or none that works.", GreenfieldSchemas.Problem);
            WriteFailure(writer, "403", "The key lacks the permission, or the store is not its user's.", GreenfieldSchemas.Problem);
        }

        WriteFailure(writer, "default", "It was not done.", GreenfieldSchemas.Problem);
        writer.WriteEndObject();
    }

    private static void WriteFailure(Utf8JsonWriter writer, string status, string description, string schema)
    {
        writer.WriteStartObject(status);
        writer.WriteString("description", description);
        writer.WriteStartObject("content");
        writer.WriteStartObject("application/json");
        writer.WriteStartObject("schema");
        writer.WriteString("$ref", "#/components/schemas/" + schema);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteComponents(Utf8JsonWriter writer, List<Operation> operations)
    {
        writer.WriteStartObject("components");
        writer.WriteStartObject("securitySchemes");
        writer.WriteStartObject("token");
        writer.WriteString("type", "apiKey");
        writer.WriteString("in", "header");
        writer.WriteString("name", "Authorization");
        writer.WriteString("description", "token KEY");
        writer.WriteEndObject();
        writer.WriteStartObject("basic");
        writer.WriteString("type", "http");
        writer.WriteString("scheme", "basic");
        writer.WriteEndObject();
        writer.WriteEndObject();
        GreenfieldSchemas.Write(writer, operations.Select(static operation => operation.Rule.Answer));
        writer.WriteEndObject();
    }
}
