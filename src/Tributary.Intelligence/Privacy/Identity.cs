using System.Buffers;
using System.Text.Unicode;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Privacy;

/// <summary>
/// Who somebody is, in clear: a card number, an account, an address. It goes into <see cref="SubjectKeys"/> and nowhere else; printed, it hides its value.
/// Two spellings are two identities: bring them into one form first.
/// </summary>
public sealed class Identity
{
    /// <summary>The longest value, in bytes of UTF-8.</summary>
    public const int MaxValueBytes = 1_024;

    private const int MaxDomainLength = 32;

    private static readonly SearchValues<char> DomainLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    private readonly byte[] _canonical;

    private Identity(string domain, byte[] canonical)
    {
        Domain = domain;
        _canonical = canonical;
    }

    /// <summary>What kind of identity it is, such as <c>card</c>: the same value in two domains is two identities.</summary>
    public string Domain { get; }

    /// <summary>The domain, a zero and the value in UTF-8: no two identities share it.</summary>
    internal ReadOnlySpan<byte> Canonical => _canonical;

    /// <summary>Takes an identity. Refused: a domain that is no word in snake case, a value that is empty, too long or no Unicode.</summary>
    public static Result<Identity, Refusal> Create(string domain, string value)
    {
        if (domain.Length is 0 or > MaxDomainLength || domain.AsSpan().ContainsAnyExcept(DomainLetters))
            return new Refusal("domain", $"A domain is a word in snake case of 1 to {MaxDomainLength} letters.");
        if (value.Length is 0 or > MaxValueBytes)
            return new Refusal(domain, $"An identity has 1 to {MaxValueBytes} bytes.");
        Span<byte> utf8 = stackalloc byte[MaxValueBytes];
        if (Utf8.FromUtf16(value, utf8, out _, out var written, replaceInvalidSequences: false) is var status && status != OperationStatus.Done)
            return new Refusal(domain, status == OperationStatus.DestinationTooSmall ? $"An identity has 1 to {MaxValueBytes} bytes." : "An identity is text; this is no Unicode.");
        var canonical = new byte[domain.Length + 1 + written];
        for (var i = 0; i < domain.Length; i++)
            canonical[i] = (byte)domain[i];
        utf8[..written].CopyTo(canonical.AsSpan(domain.Length + 1));
        return new Identity(domain, canonical);
    }

    public override string ToString() => $"{Domain}:…";
}
