using System.Collections;
using System.Globalization;
using Tributary.Primitives.Results;

namespace Tributary.Crypto;

/// <summary>A path of BIP 32 steps. Immutable; at most 255 steps, since a key's depth is one byte.</summary>
public sealed class DerivationPath : IReadOnlyList<ChildIndex>, IEquatable<DerivationPath>
{
    /// <summary>The most steps.</summary>
    public const int LengthMax = 255;

    // A step takes at most ten digits, a mark and a slash.
    private const int TextLengthMax = 2 + (LengthMax * 12);

    private readonly ChildIndex[] _steps;

    /// <summary>A path of these steps.</summary>
    /// <exception cref="ArgumentException">There are more than 255.</exception>
    public DerivationPath(params ReadOnlySpan<ChildIndex> steps)
    {
        if (steps.Length > LengthMax)
            throw new ArgumentException($"A path has at most {LengthMax} steps.", nameof(steps));
        _steps = steps.ToArray();
    }

    /// <summary>The path of no steps, "m".</summary>
    public static DerivationPath Root { get; } = new();

    /// <summary>How many steps.</summary>
    public int Count => _steps.Length;

    /// <summary>The steps, first one first.</summary>
    public ReadOnlySpan<ChildIndex> Steps => _steps;

    /// <summary>True when a step takes the private key.</summary>
    public bool HasHardenedStep => Array.Exists(_steps, step => step.IsHardened);

    public ChildIndex this[int index] => _steps[index];

    /// <summary>
    /// Reads "m/84h/0h/0h/1/5": an optional "m", numbers below 2^31, and ', h or H behind a hardened one. The empty text and "m" are the
    /// path of no steps.
    /// </summary>
    public static Result<DerivationPath, Refusal> Parse(ReadOnlySpan<char> text)
    {
        if (text.Length > TextLengthMax)
            return new Refusal("path", $"has {text.Length} characters; {LengthMax} steps fit into {TextLengthMax}");
        if (text.IsEmpty || text is "m")
            return Root;
        if (text.StartsWith("m/", StringComparison.Ordinal))
            text = text[2..];

        var count = text.Count('/') + 1;
        if (count > LengthMax)
            return new Refusal("path", $"has {count} steps; at most {LengthMax} are possible");

        var steps = new ChildIndex[count];
        var place = 0;
        foreach (var part in text.Split('/'))
        {
            if (!TryParseStep(text[part], out steps[place++]))
                return new Refusal("path", $"step {place} is no number below 2147483648, with ', h or H behind it if hardened");
        }

        return new DerivationPath(steps);
    }

    /// <summary>This path and one step more.</summary>
    public DerivationPath Append(ChildIndex step) => new([.. _steps, step]);

    /// <summary>This path and then the other.</summary>
    public DerivationPath Append(DerivationPath path) => new([.. _steps, .. path._steps]);

    public bool Equals(DerivationPath? other) => other is not null && _steps.AsSpan().SequenceEqual(other._steps);

    public override bool Equals(object? obj) => Equals(obj as DerivationPath);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var step in _steps)
            hash.Add(step);
        return hash.ToHashCode();
    }

    /// <summary>With the leading "m": "m/84h/0h/0h".</summary>
    public override string ToString() => _steps.Length == 0 ? "m" : $"m/{ToRelativeText()}";

    /// <summary>Without the leading "m", as descriptors write it: "84h/0h/0h".</summary>
    public string ToRelativeText() => string.Join('/', _steps);

    public IEnumerator<ChildIndex> GetEnumerator() => ((IEnumerable<ChildIndex>)_steps).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static bool TryParseStep(ReadOnlySpan<char> text, out ChildIndex step)
    {
        var hardened = text.Length > 0 && text[^1] is '\'' or 'h' or 'H';
        var digits = hardened ? text[..^1] : text;
        if (digits.Length > 10
            || !uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number >= ChildIndex.HardenedBit)
        {
            step = default;
            return false;
        }

        step = hardened ? ChildIndex.Hardened(number) : ChildIndex.Normal(number);
        return true;
    }
}
