using System.Text.Json;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Swaps.Wallets;

/// <summary>What a party has asked for, in <c>swap.json</c> of the swap's folder: on disk before the other hears of it. It is replaced as a whole.</summary>
public sealed record SwapFile
{
    /// <summary>Bytes of a nonce.</summary>
    public const int NonceLength = 16;

    private const string FileName = "swap.json";
    private const int CurrentVersion = 1;
    private const int LengthMax = 64 << 10;

    /// <summary>The version of this file.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>"in" or "out".</summary>
    public required string Direction { get; init; }

    /// <summary>In: what the client pays on Bitcoin. Out: what it is paid there.</summary>
    public required long AmountSat { get; init; }

    /// <summary>The most that the client pays for it; of no meaning to the provider.</summary>
    public long FeeMaxSat { get; init; }

    /// <summary>The account's place in the wallet.</summary>
    public uint Place { get; init; }

    /// <summary>What the secrets of the swap grow from, with the words: 16 bytes in hex. Alone it tells nothing.</summary>
    public required string Nonce { get; init; }

    /// <summary>SHA-256 of the preimage.</summary>
    public required string Hash { get; init; }

    /// <summary>The client's account, where the provider keeps the file.</summary>
    public uint ClientAccount { get; init; }

    /// <summary>The client's key, where the provider keeps the file.</summary>
    public string? ClientKey { get; init; }

    /// <summary>The first block that may hold the contract on Bitcoin.</summary>
    public required int FirstHeight { get; init; }

    /// <summary>Depth, confirm, post, anchor, final.</summary>
    public required int[] Margins { get; init; }

    /// <summary>Where coins from the contract go.</summary>
    public required string Address { get; init; }

    /// <summary>The client has said that it wants the swap.</summary>
    public bool IsAccepted { get; init; }

    /// <summary>Which way.</summary>
    public SwapDirection Way => Direction is "in" ? SwapDirection.In : SwapDirection.Out;

    /// <summary>Is there one in a folder?</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>The margins of five numbers; null where they are none.</summary>
    public static SwapMargins? ReadMargins(IReadOnlyList<int>? numbers)
    {
        if (numbers is not { Count: 5 })
            return null;
        var margins = new SwapMargins { Depth = numbers[0], Confirm = numbers[1], Post = numbers[2], Anchor = numbers[3], Final = numbers[4] };
        return margins.IsValid ? margins : null;
    }

    /// <summary>Five numbers for margins.</summary>
    public static int[] Write(SwapMargins margins) => [margins.Depth, margins.Confirm, margins.Post, margins.Anchor, margins.Final];

    /// <summary>Reads it.</summary>
    public static Result<SwapFile, Refusal> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            if (new FileInfo(path).Length > LengthMax)
                return new Refusal("swap", $"{path} is too long to be what this program wrote");
            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), SwapJson.Default.SwapFile);
            if (file is null || file.Version != CurrentVersion)
                return new Refusal("swap", $"{path} is of version {file?.Version}; this program knows version {CurrentVersion}");
            return file.Direction is "in" or "out" && file.Nonce is { Length: 2 * NonceLength } && file.Nonce.All(char.IsAsciiHexDigit) && ReadMargins(file.Margins) is not null
                ? file
                : new Refusal("swap", $"{path} holds values that this program does not write");
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            return new Refusal("swap", $"{path} can't be read: {exception.Message}");
        }
    }

    /// <summary>Writes it: the old one is there until the new one is whole.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Write(string folder)
    {
        var path = Path.Combine(folder, FileName);
        using (var stream = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
        {
            stream.Write(JsonSerializer.SerializeToUtf8Bytes(this, SwapJson.Default.SwapFile));
            stream.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }
}
