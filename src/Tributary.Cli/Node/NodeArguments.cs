using System.Globalization;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Cli.Node;

/// <summary>Reads the arguments of a request; remembers the first that is wrong and yields defaults after it.</summary>
internal sealed class NodeArguments(IReadOnlyDictionary<string, string> values)
{
    /// <summary>The first argument that is wrong, or null.</summary>
    internal Refusal? Refusal { get; private set; }

    internal bool Has(string name) => values.ContainsKey(name);

    internal string Text(string name)
    {
        if (values.TryGetValue(name, out var text) && text.Length > 0)
            return text;
        Refuse(name, "is missing");
        return "";
    }

    internal string? OptionalText(string name) => values.GetValueOrDefault(name);

    internal long? Number(string name, long min, long max)
    {
        if (!values.TryGetValue(name, out var text))
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            return number;
        Refuse(name, $"'{text}' is no whole number from {min} to {max}");
        return null;
    }

    internal MilliSatoshis? MilliSatoshis(string name) =>
        Number(name, 1, Satoshis.MaxMoney.Value * 1000) is { } value ? new MilliSatoshis(value) : null;

    internal Satoshis? WholeSatoshis(string name, long min = 1) => Number(name, min, Satoshis.MaxMoney.Value) is { } value ? new Satoshis(value) : null;

    internal Bytes32 Hash(string name)
    {
        if (Bytes32.TryParse(Text(name), out var hash))
            return hash;
        Refuse(name, "is 64 hex digits");
        return default;
    }

    internal T? Parse<T>(string name, Func<string, Result<T, Refusal>> parse)
        where T : notnull
    {
        var text = Text(name);
        if (Refusal is not null)
            return default;
        if (parse(text).TryGet(out var value, out var refusal))
            return value;
        Refusal = refusal;
        return default;
    }

    internal void Refuse(string name, string reason) => Refusal ??= new Refusal(name, reason);
}
