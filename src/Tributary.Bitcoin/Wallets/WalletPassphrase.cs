using Tributary.Crypto;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Wallets;

/// <summary>
/// What seals a seed at rest. Going without is a choice that has to be written out: <see cref="None"/>; an empty text is refused.
/// </summary>
public sealed class WalletPassphrase
{
    private WalletPassphrase(string? text) => Text = text;

    /// <summary>No passphrase: whoever reads the wallet's file has its money.</summary>
    public static WalletPassphrase None { get; } = new(text: null);

    /// <summary>Null for none.</summary>
    internal string? Text { get; }

    /// <summary>A passphrase.</summary>
    public static Result<WalletPassphrase, Refusal> Create(string text)
    {
        if (text.Length == 0)
            return new Refusal("passphrase", "is empty; a wallet without one has to be asked for by name");
        return text.Length > SecretBox.PassphraseLengthMax
            ? new Refusal("passphrase", $"is longer than {SecretBox.PassphraseLengthMax} characters")
            : new WalletPassphrase(text);
    }

    /// <summary>Never the passphrase.</summary>
    public override string ToString() => Text is null ? "(no passphrase)" : "(passphrase)";
}
