using System.Collections;

namespace Tributary.Storage.Relational;

/// <summary>
/// The values of a statement's <c>@names</c>. Values are text, 64-bit integers, bytes or null: one set of types for both databases, so times are
/// stored as Unix milliseconds and flags as 0 and 1.
/// </summary>
public sealed class SqlArguments : IEnumerable<KeyValuePair<string, object?>>
{
    private readonly List<KeyValuePair<string, object?>> _values = [];

    /// <summary>A statement without arguments.</summary>
    public static SqlArguments None { get; } = [];

    public void Add(string name, string? value) => _values.Add(new(name, value));

    public void Add(string name, long value) => _values.Add(new(name, value));

    public void Add(string name, long? value) => _values.Add(new(name, value));

    public void Add(string name, bool value) => _values.Add(new(name, value ? 1L : 0L));

    public void Add(string name, byte[]? value) => _values.Add(new(name, value));

    public void Add(string name, DateTimeOffset value) => _values.Add(new(name, value.ToUnixTimeMilliseconds()));

    public void Add(string name, DateTimeOffset? value) => _values.Add(new(name, value?.ToUnixTimeMilliseconds()));

    public List<KeyValuePair<string, object?>>.Enumerator GetEnumerator() => _values.GetEnumerator();

    IEnumerator<KeyValuePair<string, object?>> IEnumerable<KeyValuePair<string, object?>>.GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _values.GetEnumerator();
}
