using System.Security.Cryptography;
using Tributary.Rollup.Signatures;

namespace Tributary.Rollup.Wallets;

/// <summary>Makes the keys of a wallet's accounts.</summary>
public static class AccountKey
{
    /// <summary>log2 of the one-time keys of a wallet's key: made whole in half a second on one core, and rotated long before they are used up.</summary>
    public const byte DefaultLogLifetime = 14;

    /// <summary>The shortest-lived key that a wallet makes: a restore jumps over 1,024 one-time keys and still has some.</summary>
    public const byte MinLogLifetime = 12;

    /// <summary>The longest-lived key that a wallet makes: half an hour's work on one core.</summary>
    public const byte MaxLogLifetime = 26;

    /// <summary>Makes a key; the caller's to dispose of.</summary>
    /// <param name="seed">The wallet's.</param>
    /// <param name="account">Counts the wallet's accounts from 0.</param>
    /// <param name="generation">Counts the account's keys from 0.</param>
    /// <param name="logLifetime">log2 of its one-time keys.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static XmssKey Make(RollupSeed seed, uint account, uint generation, byte logLifetime, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var secret = seed.AccountSeed(account, generation);
        try
        {
            return XmssKey.Create(secret, new XmssKeyOptions { LogLifetime = logLifetime, Threads = Environment.ProcessorCount, Progress = progress }, cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
