using Tributary.Bitcoin.Addresses;
using Tributary.Bitcoin.Wallets;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Wallets;
using Tributary.Storage.Files;

namespace Tributary.Rollup.Swaps.Wallets;

/// <summary>A swap of a wallet on disk: what was asked for, and the journal of what was done. One owner.</summary>
public sealed class SwapFolder : IAsyncDisposable
{
    // Blocks of a reorganisation that a swap's contract may move by.
    private const int BehindBlocks = 100;

    private SwapFolder(string path, SwapFile file, SwapJournal journal) => (FolderPath, File, Journal) = (path, file, journal);

    /// <summary>Where it is.</summary>
    public string FolderPath { get; }

    /// <summary>What was asked for.</summary>
    public SwapFile File { get; private set; }

    /// <summary>What was agreed on and done.</summary>
    public SwapJournal Journal { get; }

    /// <summary>SHA-256 of the preimage: the swap's name.</summary>
    public Bytes32 Hash => Bytes32.TryParse(File.Hash, out var hash) ? hash : default;

    /// <summary>What the swap's secrets grow from.</summary>
    public byte[] Nonce => Convert.FromHexString(File.Nonce);

    /// <summary>What the party relies on.</summary>
    public SwapMargins Margins => SwapFile.ReadMargins(File.Margins)!;

    /// <summary>Swaps in a wallet's folder, the oldest first.</summary>
    /// <param name="root">Holds a folder for each swap.</param>
    public static IReadOnlyList<string> List(string root) => Directory.Exists(root)
        ? [.. Directory.GetDirectories(root).Where(SwapFile.IsIn).OrderBy(Directory.GetCreationTimeUtc).ThenBy(static path => path, StringComparer.Ordinal)]
        : [];

    /// <summary>Makes one: nobody else knows of the swap before this is on disk.</summary>
    public static Result<SwapFolder, Refusal> Create(string root, SwapFile file, IEntropy entropy)
    {
        var path = Path.Combine(root, file.Hash);
        if (SwapFile.IsIn(path))
            return new Refusal("swap", $"{file.Hash} is there already");
        _ = Directory.CreateDirectory(path);
        file.Write(path);
        return Open(path, entropy);
    }

    /// <summary>Opens one.</summary>
    public static Result<SwapFolder, Refusal> Open(string path, IEntropy entropy)
    {
        if (!SwapFile.Read(path).TryGet(out var file, out var refusal)
            || !SwapJournal.Open(DiskDirectory.Open(Path.Combine(path, "journal")), entropy).TryGet(out var journal, out refusal))
            return refusal;
        return new SwapFolder(path, file, journal);
    }

    /// <summary>What a party writes down first.</summary>
    /// <param name="wallet">Its wallet.</param>
    /// <param name="direction">Which way.</param>
    /// <param name="amountSat">On Bitcoin.</param>
    /// <param name="margins">What it relies on.</param>
    /// <param name="tip">Bitcoin's height.</param>
    /// <param name="entropy">For the nonce.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Result<SwapFile, Refusal>> DraftAsync(
        RollupWallet wallet, SwapDirection direction, long amountSat, SwapMargins margins, int tip, IEntropy entropy, CancellationToken cancellationToken)
    {
        var nonce = new byte[SwapFile.NonceLength];
        entropy.Fill(nonce);
        var hash = new Bytes32(System.Security.Cryptography.SHA256.HashData(wallet.SwapPreimage(nonce).Span));
        if (!(await wallet.Coins.NewAddressAsync(WalletAccountKind.Bip84, $"swap {hash}", cancellationToken)).TryGet(out var address, out var refusal))
            return refusal;
        return new SwapFile
        {
            Direction = direction == SwapDirection.In ? "in" : "out",
            AmountSat = amountSat,
            Nonce = Convert.ToHexStringLower(nonce),
            Hash = hash.ToString(),
            FirstHeight = Math.Max(wallet.File.FromHeight + 1, tip - BehindBlocks),
            Margins = SwapFile.Write(margins),
            Address = address.Address.ToString(),
        };
    }

    /// <summary>Notes that the client wants the swap.</summary>
    public void Accept()
    {
        File = File with { IsAccepted = true };
        File.Write(FolderPath);
    }

    /// <summary>Where coins from the contract go.</summary>
    public Bitcoin.Scripts.Script Destination(RollupWallet wallet) => Address.Parse(File.Address, wallet.Coins.Network).Value.ScriptPubKey;

    public ValueTask DisposeAsync() => Journal.DisposeAsync();
}
