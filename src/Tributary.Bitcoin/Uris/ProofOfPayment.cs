using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Uris;

/// <summary>A request to open a URI with proof of payment afterwards (BIP 321, "pop").</summary>
/// <param name="UriPrefix">What the proof is appended to, percent-decoded once.</param>
/// <param name="IsRequired">From "req-pop": who will not open it must not pay.</param>
public sealed record ProofOfPayment(string UriPrefix, bool IsRequired)
{
    // BIP 321 names the first five; the others open in a browser too, or run what they are given.
    private static readonly string[] s_forbidden =
        ["http", "https", "file", "javascript", "mailto", "data", "about", "blob", "ftp", "ws", "wss", "view-source", "vbscript"];

    /// <summary>True when the scheme leads to an application and not into a browser, which would give the payer's address away.</summary>
    public bool MayBeOpened
    {
        get
        {
            var colon = UriPrefix.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
                return false;
            var scheme = UriPrefix[..colon];
            return char.IsAsciiLetter(scheme[0])
                && scheme.All(static character => char.IsAsciiLetterOrDigit(character) || character is '+' or '-' or '.')
                && !s_forbidden.Contains(scheme, StringComparer.OrdinalIgnoreCase);
        }
    }

    /// <summary>The URI to open after an on-chain payment from the body's address; null where it must not be opened.</summary>
    public string? ForOnChain(Transaction transaction) => For("onchain", transaction.ToHex());

    /// <summary>The URI to open after a payment by the instruction of a query key ("lightning" with the preimage in hex); null where it must not be opened.</summary>
    public string? For(string instructionKey, string paymentInformation) => MayBeOpened ? $"{UriPrefix}{instructionKey}={paymentInformation}" : null;
}
