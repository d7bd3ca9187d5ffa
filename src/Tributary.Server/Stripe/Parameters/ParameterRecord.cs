using System.Text.Json;

namespace Tributary.Server.Stripe.Parameters;

/// <summary>
/// What a handler asks its parameters for, written down while it reads them: the document of the API is made of it, so that it names what is read
/// and nothing else.
/// </summary>
internal sealed class ParameterRecord
{
    private readonly SortedDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public bool IsEmpty => _entries.Count == 0;

    public IEnumerable<string> Names => _entries.Keys;

    public bool IsRequired(string name) => _entries[name].IsRequired;

    /// <summary>A parameter was asked for; what is known better already stays.</summary>
    public void Note(string name)
    {
        if (!_entries.ContainsKey(name))
            _entries[name] = new Entry("string");
    }

    public void Note(string name, string type) => _entries[name] = Of(name) with { Type = type };

    public void NoteWords(string name, IEnumerable<string> words) => _entries[name] = Of(name) with { Type = "string", Words = [.. words] };

    public void NoteUnused(string name) => _entries[name] = Of(name) with { IsUnused = true };

    public void Require(string name) => _entries[name] = Of(name) with { IsRequired = true };

    /// <summary>The record of what is below a name.</summary>
    public ParameterRecord Inner(string name)
    {
        var inner = Of(name).Inner ?? new ParameterRecord();
        _entries[name] = Of(name) with { Type = "object", Inner = inner };
        return inner;
    }

    /// <summary>All of it as a JSON schema.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "object");
        writer.WriteBoolean("additionalProperties", false);
        writer.WriteStartObject("properties");
        foreach (var name in _entries.Keys)
        {
            writer.WritePropertyName(name);
            Write(writer, name);
        }

        writer.WriteEndObject();
        var required = _entries.Where(static entry => entry.Value.IsRequired).Select(static entry => entry.Key).ToList();
        if (required.Count > 0)
        {
            writer.WriteStartArray("required");
            foreach (var name in required)
                writer.WriteStringValue(name);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    /// <summary>One of them as a JSON schema.</summary>
    public void Write(Utf8JsonWriter writer, string name)
    {
        var entry = _entries[name];
        if (entry.Inner is { IsEmpty: false } inner)
        {
            inner.Write(writer);
            return;
        }

        writer.WriteStartObject();
        switch (entry.Type)
        {
            case "array":
                writer.WriteString("type", "array");
                writer.WriteStartObject("items");
                writer.WriteString("type", "string");
                writer.WriteEndObject();
                break;
            case "map":
                writer.WriteString("type", "object");
                writer.WriteStartObject("additionalProperties");
                writer.WriteString("type", "string");
                writer.WriteEndObject();
                break;
            default:
                if (!entry.IsUnused)
                    writer.WriteString("type", entry.Type);
                break;
        }

        if (entry.IsUnused)
            writer.WriteString("description", "Taken, and without effect here.");
        if (entry.Words is not null)
        {
            writer.WriteStartArray("enum");
            foreach (var word in entry.Words)
                writer.WriteStringValue(word);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private Entry Of(string name) => _entries.GetValueOrDefault(name) ?? new Entry("string");

    private sealed record Entry(string Type)
    {
        public string[]? Words { get; init; }

        public ParameterRecord? Inner { get; init; }

        public bool IsRequired { get; init; }

        public bool IsUnused { get; init; }
    }
}
