using System.Text.Json;

namespace Tributary.Server.Tests.Greenfield.Schema;

/// <summary>BTCPay's OpenAPI documents, as they lie in one folder: a file for each part of the API. They are read in place and are no part of this repository.</summary>
internal sealed class OpenApiFolder
{
    /// <summary>Names the folder, which is <c>BTCPayServer/wwwroot/swagger/v1</c> of BTCPay's repository.</summary>
    public const string Variable = "TRIBUTARY_BTCPAY_SWAGGER";

    private static readonly string[] s_methods = ["GET", "POST", "PUT", "DELETE", "PATCH"];

    private readonly Dictionary<string, JsonElement> _schemas = new(StringComparer.Ordinal);
    private readonly List<Operation> _operations = [];

    /// <summary>One method of one path.</summary>
    internal sealed record Operation(string Method, string Path, string[] Parts, JsonElement Definition)
    {
        public string Name => $"{Method} {Path}";
    }

    /// <summary>The folder that the environment names; null where it names none.</summary>
    public static OpenApiFolder? Here { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? Read(folder) : null;

    public IReadOnlyList<Operation> Operations => _operations;

    public static OpenApiFolder Read(string folder)
    {
        var all = new OpenApiFolder();
        foreach (var file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
            all.Add(File.ReadAllText(file));
        return all._operations.Count > 0 ? all : throw new InvalidOperationException($"{Variable} names {folder}, in which there is no document of an API.");
    }

    /// <summary>Adds a document's paths and schemas.</summary>
    public void Add(string text)
    {
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement.Clone();
        if (root.TryGetProperty("components", out var components) && components.TryGetProperty("schemas", out var schemas))
        {
            foreach (var schema in schemas.EnumerateObject())
                _schemas[schema.Name] = schema.Value;
        }

        if (!root.TryGetProperty("paths", out var paths))
            return;
        foreach (var path in paths.EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject().Where(static operation => s_methods.Contains(operation.Name.ToUpperInvariant(), StringComparer.Ordinal)))
                _operations.Add(new Operation(operation.Name.ToUpperInvariant(), path.Name, Split(path.Name), operation.Value));
        }
    }

    /// <summary>A schema by its reference.</summary>
    public JsonElement Resolve(string reference) => _schemas[reference[(reference.LastIndexOf('/') + 1)..]];

    /// <summary>
    /// What the documents say about a request. Routes of an object below its store, which older clients use, are looked up by the object's own path
    /// where the documents no longer name them. Null for what they do not know.
    /// </summary>
    public Operation? Find(string method, string path)
    {
        var asked = Split(path.Split('?')[0]);
        return Match(method, asked) ?? (asked is ["api", "v1", "stores", _, .. var rest] ? Match(method, ["api", "v1", .. rest]) : null);
    }

    /// <summary>The schema of an answer; null where none is given.</summary>
    public static JsonElement? AnswerOf(Operation operation, int status) =>
        operation.Definition.TryGetProperty("responses", out var responses)
        && responses.TryGetProperty(status.ToString(System.Globalization.CultureInfo.InvariantCulture), out var response)
        && response.TryGetProperty("content", out var content)
        && content.TryGetProperty("application/json", out var json)
        && json.TryGetProperty("schema", out var schema)
            ? schema
            : null;

    private static string[] Split(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    // A path that names a part is meant before one that leaves it open.
    private Operation? Match(string method, string[] asked) => _operations
        .Where(operation => string.Equals(operation.Method, method, StringComparison.Ordinal) && operation.Parts.Length == asked.Length)
        .Where(operation => operation.Parts.Zip(asked).All(static pair => pair.First.StartsWith('{') || string.Equals(pair.First, pair.Second, StringComparison.OrdinalIgnoreCase)))
        .MinBy(static operation => operation.Parts.Count(static part => part.StartsWith('{')));
}
