using System.Text.Json;
using Tributary.Bitcoin.Networks;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Wallets;

/// <summary>Which rollup a wallet's folder belongs to, in <c>wallet.json</c>: nothing secret. The rollup is pinned when the wallet is made.</summary>
public sealed record WalletFile
{
    private const string FileName = "wallet.json";
    private const int CurrentVersion = 1;
    private const int LengthMax = 64 << 10;

    /// <summary>The version of this file.</summary>
    public int Version { get; init; } = CurrentVersion;

    public required string Network { get; init; }

    /// <summary>The rollup's id.</summary>
    public required string Rollup { get; init; }

    /// <summary>The key that signs its receipts, and the one that deposits pay.</summary>
    public required string Operator { get; init; }

    /// <summary>The address that deposits pay.</summary>
    public required string Vault { get; init; }

    /// <summary>Where its operator takes operations.</summary>
    public required string Address { get; init; }

    /// <summary>A block below the rollup's beginning.</summary>
    public required int FromHeight { get; init; }

    /// <summary>log2 of the one-time keys of each of its keys.</summary>
    public required byte LogLifetime { get; init; }

    /// <summary>Reads it.</summary>
    public static Result<WalletFile, Refusal> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return new Refusal("--data", $"{folder} holds no rollup wallet: make one with 'tributary rollup wallet create'");
        try
        {
            if (new FileInfo(path).Length > LengthMax)
                return new Refusal("--data", $"{path} is too long to be what 'wallet create' wrote");
            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), WalletJson.Default.WalletFile);
            if (file is null || file.Version != CurrentVersion)
                return new Refusal("--data", $"{path} is of version {file?.Version}; this program knows version {CurrentVersion}");
            return BitcoinNetwork.TryParse(file.Network, out _)
                && Bytes32.TryParse(file.Rollup, out _)
                && Bytes32.TryParse(file.Operator, out _)
                && Uri.TryCreate(file.Address, UriKind.Absolute, out _)
                && file.LogLifetime is >= AccountKey.MinLogLifetime and <= AccountKey.MaxLogLifetime
                    ? file
                    : new Refusal("--data", $"{path} holds values that 'wallet create' does not write");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return new Refusal("--data", $"{path} can't be read: {exception.Message}");
        }
    }

    /// <summary>Writes it: the old one is there until the new one is whole.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Write(string folder)
    {
        var path = Path.Combine(folder, FileName);
        using (var stream = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
        {
            stream.Write(JsonSerializer.SerializeToUtf8Bytes(this, WalletJson.Default.WalletFile));
            stream.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }
}
