using System.Collections.Immutable;
using System.Text.Json;

namespace Tributary.Server.Stripe;

/// <summary>Shorter forms of what Stripe's objects have in common.</summary>
internal static class StripeJson
{
    public static void Text(this Utf8JsonWriter writer, string name, string? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else
            writer.WriteString(name, value);
    }

    public static void Time(this Utf8JsonWriter writer, string name, DateTimeOffset? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else
            writer.WriteNumber(name, value.Value.ToUnixTimeSeconds());
    }

    public static void Nulls(this Utf8JsonWriter writer, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            writer.WriteNull(name);
    }

    public static void Metadata(this Utf8JsonWriter writer, ImmutableSortedDictionary<string, string> metadata)
    {
        writer.WriteStartObject("metadata");
        foreach (var (name, value) in metadata)
            writer.WriteString(name, value);
        writer.WriteEndObject();
    }

    /// <summary>An address of which nothing, or little, is known.</summary>
    public static void Address(this Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, string>? known, string prefix = "")
    {
        writer.WriteStartObject(name);
        foreach (var part in (ReadOnlySpan<string>)["city", "country", "line1", "line2", "postal_code", "state"])
            writer.Text(part, known?.GetValueOrDefault(prefix + part));
        writer.WriteEndObject();
    }
}
