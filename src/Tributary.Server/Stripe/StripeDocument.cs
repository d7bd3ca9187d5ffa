using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing.Patterns;
using Tributary.Payments.Access;
using Tributary.Server.Stripe.Parameters;

namespace Tributary.Server.Stripe;

/// <summary>
/// Writes the OpenAPI 3.1 document of everything below <c>/v1</c> from the routes that the server maps: their rules say what they are, and each
/// handler is asked once which parameters it reads.
/// </summary>
internal sealed class StripeDocument(EndpointDataSource routes, IServiceProvider services) : IDisposable
{
    private readonly SemaphoreSlim _once = new(1);
    private string? _text;

    /// <summary>The document, made when it is first asked for.</summary>
    public async Task<string> GetAsync()
    {
        if (_text is not null)
            return _text;
        await _once.WaitAsync();
        try
        {
            return _text ??= await WriteAsync();
        }
        finally
        {
            _once.Release();
        }
    }

    public void Dispose() => _once.Dispose();

    private async Task<string> WriteAsync()
    {
        var operations = new SortedDictionary<string, SortedDictionary<string, (StripeRule Rule, RoutePattern Pattern, ParameterRecord Record)>>(StringComparer.Ordinal);
        foreach (var endpoint in routes.Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<StripeRule>() is not { } rule || endpoint.Metadata.GetMetadata<HttpMethodMetadata>() is not { } methods)
                continue;
            var path = endpoint.RoutePattern.RawText!;
            if (!operations.TryGetValue(path, out var byMethod))
                operations.Add(path, byMethod = new(StringComparer.Ordinal));
            foreach (var method in methods.HttpMethods)
                byMethod[method.ToLowerInvariant()] = (rule, endpoint.RoutePattern, await RecordAsync(endpoint));
        }

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("openapi", "3.1.0");
            writer.WriteStartObject("info");
            writer.WriteString("title", "Tributary, in Stripe's shape");
            writer.WriteString("version", StripeEvents.ApiVersion);
            writer.WriteString("description", "Objects have the shape of Stripe's API of this version; what differs is listed in docs/api.md. What is ours stands under \"tributary\".");
            writer.WriteEndObject();
            writer.WriteStartObject("paths");
            foreach (var (path, byMethod) in operations)
            {
                writer.WriteStartObject(path);
                foreach (var (method, operation) in byMethod)
                    WriteOperation(writer, path, method, operation.Rule, operation.Pattern, operation.Record);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            WriteComponents(writer, operations.Values.SelectMany(static byMethod => byMethod.Values).Select(static operation => operation.Rule.Answer).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    // The handler runs as far as it reads its parameters, and is stopped there.
    private async Task<ParameterRecord> RecordAsync(RouteEndpoint endpoint)
    {
        var record = new ParameterRecord();
        await using var scope = services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.SetEndpoint(endpoint);
        context.Items[typeof(ParameterRecord)] = record;
        foreach (var parameter in endpoint.RoutePattern.Parameters)
            context.Request.RouteValues[parameter.Name] = "described";
        context.Response.Body = Stream.Null;
        await endpoint.RequestDelegate!(context);
        return record;
    }

    private static void WriteOperation(Utf8JsonWriter writer, string path, string method, StripeRule rule, RoutePattern pattern, ParameterRecord record)
    {
        writer.WriteStartObject(method);
        writer.WriteString("operationId", method + path.Replace("/v1", "", StringComparison.Ordinal).Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal).Replace('/', '_'));
        writer.WriteString("summary", rule.Summary);
        writer.WriteStartArray("tags");
        writer.WriteStringValue(KeyHandlers.WordOf(rule.Resource));
        writer.WriteEndArray();
        writer.WriteString("x-permission", $"{KeyHandlers.WordOf(rule.Resource)}: {(rule.Access == KeyAccess.Write ? "write" : "read")}{(rule.IsForBrowsers ? ", or a publishable key with the client secret" : "")}");
        writer.WriteStartArray("parameters");
        foreach (var parameter in pattern.Parameters)
            WriteParameter(writer, parameter.Name, "path", isRequired: true, null);
        var isBody = method is "post";
        foreach (var name in isBody ? [] : record.Names)
            WriteParameter(writer, name, "query", record.IsRequired(name), record);
        if (isBody)
            WriteParameter(writer, "Idempotency-Key", "header", isRequired: false, null);
        writer.WriteEndArray();
        if (isBody && !record.IsEmpty)
        {
            writer.WriteStartObject("requestBody");
            writer.WriteStartObject("content");
            foreach (var type in (ReadOnlySpan<string>)["application/x-www-form-urlencoded", "application/json"])
            {
                writer.WriteStartObject(type);
                writer.WritePropertyName("schema");
                record.Write(writer);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        WriteResponses(writer, rule);
        writer.WriteEndObject();
    }

    private static void WriteParameter(Utf8JsonWriter writer, string name, string place, bool isRequired, ParameterRecord? record)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteString("in", place);
        writer.WriteBoolean("required", isRequired);
        writer.WritePropertyName("schema");
        if (record is not null)
        {
            record.Write(writer, name);
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteString("type", "string");
            writer.WriteEndObject();
        }

        if (place is "query")
        {
            writer.WriteString("style", "deepObject");
            writer.WriteBoolean("explode", true);
        }

        writer.WriteEndObject();
    }

    private static void WriteResponses(Utf8JsonWriter writer, StripeRule rule)
    {
        writer.WriteStartObject("responses");
        writer.WriteStartObject("200");
        writer.WriteString("description", rule.IsList ? $"A list of {rule.Answer} objects" : $"The {rule.Answer}");
        Content(writer, inner =>
        {
            if (!rule.IsList)
            {
                inner.WriteString("$ref", $"#/components/schemas/{rule.Answer}");
                return;
            }

            inner.WriteString("type", "object");
            inner.WriteStartObject("properties");
            inner.WriteStartObject("data");
            inner.WriteString("type", "array");
            inner.WriteStartObject("items");
            inner.WriteString("$ref", $"#/components/schemas/{rule.Answer}");
            inner.WriteEndObject();
            inner.WriteEndObject();
            inner.WriteStartObject("has_more");
            inner.WriteString("type", "boolean");
            inner.WriteEndObject();
            inner.WriteEndObject();
        });
        writer.WriteEndObject();
        writer.WriteStartObject("default");
        writer.WriteString("description", "What was wrong");
        Content(writer, static inner => inner.WriteString("$ref", "#/components/schemas/error"));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteComponents(Utf8JsonWriter writer, IEnumerable<string> answers)
    {
        writer.WriteStartObject("components");
        writer.WriteStartObject("securitySchemes");
        writer.WriteStartObject("bearer");
        writer.WriteString("type", "http");
        writer.WriteString("scheme", "bearer");
        writer.WriteEndObject();
        writer.WriteStartObject("basic");
        writer.WriteString("type", "http");
        writer.WriteString("scheme", "basic");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartObject("schemas");
        foreach (var answer in answers)
        {
            writer.WriteStartObject(answer);
            writer.WriteString("type", "object");
            writer.WriteString("description", $"As Stripe's {answer} where Stripe has one.");
            writer.WriteStartObject("properties");
            foreach (var name in (ReadOnlySpan<string>)["id", "object"])
            {
                writer.WriteStartObject(name);
                writer.WriteString("type", "string");
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        WriteError(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartArray("security");
        foreach (var scheme in (ReadOnlySpan<string>)["bearer", "basic"])
        {
            writer.WriteStartObject();
            writer.WriteStartArray(scheme);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteError(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("error");
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        writer.WriteStartObject("error");
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        foreach (var name in (ReadOnlySpan<string>)["type", "code", "decline_code", "message", "param"])
        {
            writer.WriteStartObject(name);
            writer.WriteString("type", "string");
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteStartArray("required");
        writer.WriteStringValue("type");
        writer.WriteStringValue("message");
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Content(Utf8JsonWriter writer, Action<Utf8JsonWriter> schema)
    {
        writer.WriteStartObject("content");
        writer.WriteStartObject("application/json");
        writer.WriteStartObject("schema");
        schema(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
