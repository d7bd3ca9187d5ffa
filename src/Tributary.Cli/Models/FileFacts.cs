using System.Security.Cryptography;
using Tributary.Intelligence.Protocols;
using Tributary.Intelligence.Reports;

namespace Tributary.Cli.Models;

/// <summary>Names a file of payments so that a reader can tell whether theirs is the same.</summary>
internal static class FileFacts
{
    internal static DataFacts Of(FileInfo file, IPaymentHistory history)
    {
        using var stream = file.OpenRead();
        return new DataFacts(
            file.Name,
            Convert.ToHexStringLower(SHA256.HashData(stream)),
            file.Length,
            history.Count,
            history.FraudCount,
            DateTimeOffset.FromUnixTimeMilliseconds(history.Payment(0).TimeMs),
            DateTimeOffset.FromUnixTimeMilliseconds(history.Payment(history.Count - 1).TimeMs));
    }
}
