using System.Collections.Immutable;
using System.Globalization;
using Tributary.Payments.Errors;

namespace Tributary.Server.Stripe.Parameters;

/// <summary>
/// Takes parameters out of a tree one by one and remembers the first that is wrong. What nobody took is unknown, and said to be: a
/// misspelt parameter must not be ignored where money is meant.
/// </summary>
internal sealed class ParameterReader(ParameterNode.Map root, string prefix = "", ParameterRecord? record = null)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly List<ParameterReader> _inner = [];
    private PaymentError? _error;

    /// <summary>Text; null where it is not there. An empty text counts as not there, as Stripe's clients send it to unset a value.</summary>
    public string? Text(string name, int lengthMax = 5000)
    {
        switch (Take(name))
        {
            case null or ParameterNode.Text { Value.Length: 0 }:
                return null;
            case ParameterNode.Text text when text.Value.Length <= lengthMax:
                return text.Value;
            case ParameterNode.Text:
                Refuse("parameter_invalid_string_too_long", name, $"Invalid string: {Path(name)} must be at most {lengthMax} characters.");
                return null;
            default:
                Refuse("parameter_invalid", name, $"Invalid string: {Path(name)} must be one value.");
                return null;
        }
    }

    /// <summary>A whole number; null where it is not there.</summary>
    public long? Integer(string name)
    {
        var given = Text(name, 30);
        record?.Note(name, "integer");
        if (given is not { } text)
            return null;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            return value;
        Refuse("parameter_invalid_integer", name, $"Invalid integer: {text}");
        return null;
    }

    /// <summary>True or false; null where it is not there.</summary>
    public bool? Flag(string name)
    {
        var given = Text(name, 10);
        record?.Note(name, "boolean");
        switch (given)
        {
            case null:
                return null;
            case "true":
                return true;
            case "false":
                return false;
            default:
                Refuse("parameter_invalid", name, $"Invalid boolean: {Path(name)} must be true or false.");
                return null;
        }
    }

    /// <summary>One of several words; null where it is not there.</summary>
    public T? Word<T>(string name, IReadOnlyDictionary<string, T> words)
        where T : struct
    {
        var given = Text(name, 100);
        record?.NoteWords(name, words.Keys);
        if (given is not { } text)
            return null;
        if (words.TryGetValue(text, out var value))
            return value;
        Refuse("parameter_invalid", name, $"Invalid {Path(name)}: must be one of {string.Join(", ", words.Keys)}.");
        return null;
    }

    /// <summary>Texts in a row.</summary>
    public ImmutableArray<string> Texts(string name, int countMax)
    {
        record?.Note(name, "array");
        switch (Take(name))
        {
            case null or ParameterNode.Text { Value.Length: 0 }:
                return [];
            case ParameterNode.List list when list.Items.Count <= countMax && list.Items.TrueForAll(static item => item is ParameterNode.Text):
                return [.. list.Items.Select(static item => ((ParameterNode.Text)item).Value)];
            default:
                Refuse("parameter_invalid", name, $"Invalid array: {Path(name)} must be at most {countMax} values.");
                return [];
        }
    }

    /// <summary>Named texts.</summary>
    public ImmutableSortedDictionary<string, string> Dictionary(string name)
    {
        record?.Note(name, "map");
        var builder = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        switch (Take(name))
        {
            case null or ParameterNode.Text { Value.Length: 0 }:
                break;
            case ParameterNode.Map map when map.Members.Values.All(static member => member is ParameterNode.Text):
                foreach (var (key, value) in map.Members)
                    builder.Add(key, ((ParameterNode.Text)value).Value);
                break;
            default:
                Refuse("parameter_invalid", name, $"Invalid hash: {Path(name)} must be keys with values.");
                break;
        }

        return builder.ToImmutable();
    }

    /// <summary>Named texts of a new object: one that is empty is none.</summary>
    public ImmutableSortedDictionary<string, string> Metadata(string name = "metadata")
    {
        var given = Dictionary(name);
        return given.RemoveRange(given.Where(static pair => pair.Value.Length == 0).Select(static pair => pair.Key));
    }

    /// <summary>A change of named texts, as Stripe's clients send it: an empty value takes a name away, an empty whole takes all.</summary>
    public Func<ImmutableSortedDictionary<string, string>, ImmutableSortedDictionary<string, string>> Merge(string name)
    {
        if (root.Members.GetValueOrDefault(name) is ParameterNode.Text { Value.Length: 0 })
        {
            Take(name);
            return static known => known.Clear();
        }

        var change = Dictionary(name);
        return known => change.Aggregate(known, static (sum, pair) => pair.Value.Length == 0 ? sum.Remove(pair.Key) : sum.SetItem(pair.Key, pair.Value));
    }

    /// <summary>Was it sent, be it empty?</summary>
    public bool Has(string name)
    {
        record?.Note(name);
        return record is not null || root.Members.ContainsKey(name);
    }

    /// <summary>Was it sent as one value? For a parameter that is either a value or a hash.</summary>
    public bool IsText(string name) => record is null && root.Members.GetValueOrDefault(name) is ParameterNode.Text { Value.Length: > 0 };

    /// <summary>The reader of parameters below a name; null where there are none.</summary>
    public ParameterReader? Inner(string name)
    {
        if (record is not null)
            return new ParameterReader(new ParameterNode.Map(), Path(name), record.Inner(name));
        switch (Take(name))
        {
            case null or ParameterNode.Text { Value.Length: 0 }:
                return null;
            case ParameterNode.Map map:
                var inner = new ParameterReader(map, Path(name));
                _inner.Add(inner);
                return inner;
            default:
                Refuse("parameter_invalid", name, $"Invalid hash: {Path(name)} must be keys with values.");
                return null;
        }
    }

    /// <summary>Readers of parameters in a row; none where there are none.</summary>
    public List<ParameterReader> Items(string name, int countMax)
    {
        record?.Note(name, "array");
        switch (Take(name))
        {
            case null or ParameterNode.Text { Value.Length: 0 }:
                return [];
            case ParameterNode.List list when list.Items.Count <= countMax && list.Items.TrueForAll(static item => item is ParameterNode.Map):
                List<ParameterReader> readers = [.. list.Items.Select((item, i) => new ParameterReader((ParameterNode.Map)item, $"{Path(name)}[{i}]"))];
                _inner.AddRange(readers);
                return readers;
            default:
                Refuse("parameter_invalid", name, $"Invalid array: {Path(name)} must be at most {countMax} hashes.");
                return [];
        }
    }

    /// <summary>Takes parameters that clients send and that change nothing here.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            Take(name);
            record?.NoteUnused(name);
        }
    }

    /// <summary>Says that a parameter has to be there.</summary>
    public void Require(string name, bool isThere)
    {
        record?.Require(name);
        if (!isThere)
            Refuse("parameter_missing", name, $"Missing required param: {Path(name)}.");
    }

    /// <summary>Refuses a parameter for what it means.</summary>
    public void Refuse(string code, string name, string message) => _error ??= PaymentError.Invalid(code, Path(name), message);

    /// <summary>The first that was wrong, or a parameter that nobody knows; null where all is well.</summary>
    public PaymentError? Finish()
    {
        if (record is not null)
            return PaymentError.Invalid("described", null, "The handler was asked what it reads, and goes no further.");
        if (_error is not null)
            return _error;
        foreach (var inner in _inner)
        {
            if (inner.Finish() is { } error)
                return error;
        }

        foreach (var name in root.Members.Keys)
        {
            if (!_taken.Contains(name))
                return PaymentError.Invalid("parameter_unknown", Path(name), $"Received unknown parameter: {Path(name)}");
        }

        return null;
    }

    private ParameterNode? Take(string name)
    {
        _taken.Add(name);
        record?.Note(name);
        return root.Members.GetValueOrDefault(name);
    }

    private string Path(string name) => prefix.Length == 0 ? name : $"{prefix}[{name}]";
}
