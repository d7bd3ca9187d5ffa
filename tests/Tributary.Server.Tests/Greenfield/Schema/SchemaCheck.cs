using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tributary.Server.Tests.Greenfield.Schema;

/// <summary>
/// Holds a value against a schema of OpenAPI 3.0. Members that the schema does not name are let through, since answers carry what older clients read;
/// those that it names and that are absent are told of even where it does not require them, since clients read them without a look.
/// </summary>
internal sealed class SchemaCheck(OpenApiFolder folder)
{
    /// <summary>One difference: where, as <c>$.checkout.paymentMethods[]</c>, and what.</summary>
    internal sealed record Difference(string Path, string What)
    {
        public override string ToString() => $"{Path}: {What}";
    }

    /// <summary>How a value differs from its schema; empty where it does not.</summary>
    public List<Difference> Check(JsonElement schema, JsonElement value)
    {
        var differences = new List<Difference>();
        Check(schema, value, "$", differences);
        return [.. differences.Distinct()];
    }

    private void Check(JsonElement schema, JsonElement value, string path, List<Difference> differences)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            if (!IsNullable(schema))
                differences.Add(new Difference(path, "is null"));
            return;
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            Check(folder.Resolve(reference.GetString()!), value, path, differences);
            return;
        }

        if (schema.TryGetProperty("allOf", out var all))
        {
            foreach (var part in all.EnumerateArray())
                Check(part, value, path, differences);
        }

        CheckAlternatives(schema, value, path, differences);
        if (schema.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(word => JsonElement.DeepEquals(word, value)))
            differences.Add(new Difference(path, $"is {value.GetRawText()}, which is none of {words.GetRawText()}"));
        if (schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && !IsOf(type.GetString()!, value))
            differences.Add(new Difference(path, $"is of type {value.ValueKind}, not {type.GetString()}"));
        else
            CheckByKind(schema, value, path, differences);
    }

    private void CheckAlternatives(JsonElement schema, JsonElement value, string path, List<Difference> differences)
    {
        foreach (var name in (string[])["anyOf", "oneOf"])
        {
            if (!schema.TryGetProperty(name, out var alternatives))
                continue;
            var tried = alternatives.EnumerateArray().Select(alternative =>
            {
                var found = new List<Difference>();
                Check(alternative, value, path, found);
                return found;
            }).ToArray();
            if (tried.MinBy(static found => found.Count) is { Count: > 0 } nearest)
                differences.AddRange(nearest);
        }
    }

    private void CheckByKind(JsonElement schema, JsonElement value, string path, List<Difference> differences)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                CheckObject(schema, value, path, differences);
                break;
            case JsonValueKind.Array when schema.TryGetProperty("items", out var items):
                foreach (var item in value.EnumerateArray())
                    Check(items, item, path + "[]", differences);
                break;
            case JsonValueKind.String:
                CheckText(schema, value.GetString()!, path, differences);
                break;
            case JsonValueKind.Number when schema.TryGetProperty("minimum", out var least) && value.GetDecimal() < least.GetDecimal():
                differences.Add(new Difference(path, $"is less than {least.GetRawText()}"));
                break;
        }
    }

    private void CheckObject(JsonElement schema, JsonElement value, string path, List<Difference> differences)
    {
        var known = schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().ToDictionary(static one => one.Name, static one => one.Value, StringComparer.Ordinal) : [];
        foreach (var (name, inner) in known)
        {
            if (value.TryGetProperty(name, out var member))
                Check(inner, member, $"{path}.{name}", differences);
            else if (!inner.TryGetProperty("deprecated", out var deprecated) || !deprecated.GetBoolean())
                differences.Add(new Difference($"{path}.{name}", "is absent"));
        }

        if (schema.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.Array)
        {
            foreach (var name in required.EnumerateArray().Select(static one => one.GetString()!).Where(name => !value.TryGetProperty(name, out _)))
                differences.Add(new Difference($"{path}.{name}", "is absent"));
        }

        if (!schema.TryGetProperty("additionalProperties", out var others) || others.ValueKind != JsonValueKind.Object)
            return;
        foreach (var member in value.EnumerateObject().Where(member => !known.ContainsKey(member.Name)))
            Check(others, member.Value, path + ".*", differences);
    }

    private static void CheckText(JsonElement schema, string text, string path, List<Difference> differences)
    {
        if (schema.TryGetProperty("format", out var format) && format.GetString() is "decimal"
            && !decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _))
        {
            differences.Add(new Difference(path, "is no decimal"));
        }

        if (schema.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(text, pattern.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)))
            differences.Add(new Difference(path, $"does not match {pattern.GetString()}"));
    }

    private bool IsNullable(JsonElement schema)
    {
        if (schema.TryGetProperty("nullable", out var nullable))
            return nullable.ValueKind == JsonValueKind.True;
        if (schema.TryGetProperty("$ref", out var reference))
            return IsNullable(folder.Resolve(reference.GetString()!));
        return ((ReadOnlySpan<string>)["allOf", "anyOf", "oneOf"]).ToArray()
            .Any(name => schema.TryGetProperty(name, out var parts) && parts.EnumerateArray().Any(IsNullable));
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetDecimal() == decimal.Truncate(value.GetDecimal()),
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => true,
    };
}
