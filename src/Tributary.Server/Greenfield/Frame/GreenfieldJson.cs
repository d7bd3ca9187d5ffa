using System.Text.Json;
using Tributary.Payments.Money;

namespace Tributary.Server.Greenfield.Frame;

/// <summary>Shorter forms of what the dialect's objects have in common. What is not known is an explicit null.</summary>
internal static class GreenfieldJson
{
    public static void Text(this Utf8JsonWriter writer, string name, string? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else
            writer.WriteString(name, value);
    }

    public static void Flag(this Utf8JsonWriter writer, string name, bool? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else
            writer.WriteBoolean(name, value.Value);
    }

    public static void Integer(this Utf8JsonWriter writer, string name, long? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else
            writer.WriteNumber(name, value.Value);
    }

    /// <summary>Unix seconds.</summary>
    public static void Time(this Utf8JsonWriter writer, string name, DateTimeOffset? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else
            writer.WriteNumber(name, value.Value.ToUnixTimeSeconds());
    }

    /// <summary>A decimal as text.</summary>
    public static void Amount(this Utf8JsonWriter writer, string name, CurrencyAmount? value) => writer.Text(name, value is { } amount ? GreenfieldAmounts.Text(amount) : null);

    /// <summary>Millisatoshis as a decimal of bitcoin, as text.</summary>
    public static void Bitcoin(this Utf8JsonWriter writer, string name, long? msat) => writer.Text(name, msat is { } amount ? GreenfieldAmounts.Bitcoin(amount) : null);

    public static void Texts(this Utf8JsonWriter writer, string name, IEnumerable<string>? values)
    {
        if (values is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
