using System.Text.Json;
using Tributary.Bitcoin.Networks;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Operating;

/// <summary>What an operator's folder says of its rollup, in <c>rollup.json</c>: nothing secret. It is replaced as a whole.</summary>
public sealed record OperatorFile
{
    private const string FileName = "rollup.json";
    private const int CurrentVersion = 1;
    private const int LengthMax = 64 << 10;

    /// <summary>The version of this file.</summary>
    public int Version { get; init; } = CurrentVersion;

    public required string Network { get; init; }

    /// <summary>The name of the set of parameters.</summary>
    public required string Parameters { get; init; }

    /// <summary>Where a segment is cut; the sequencer's log was written under it.</summary>
    public required int SegmentSignatures { get; init; }

    /// <summary>A block below the beginning.</summary>
    public required int FromHeight { get; init; }

    /// <summary>Its hash.</summary>
    public required string FromBlock { get; init; }

    /// <summary>The root of the key of the operator's account, and log2 of its one-time keys.</summary>
    public required string KeyRoot { get; init; }

    public required byte LogLifetime { get; init; }

    /// <summary>The rollup's id; null until the transaction that begins it has been made.</summary>
    public string? Rollup { get; init; }

    /// <summary>That transaction.</summary>
    public string? GenesisTransaction { get; init; }

    /// <summary>Is there one in a folder?</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>Reads it.</summary>
    public static Result<OperatorFile, Refusal> Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return new Refusal("--data", $"{folder} holds no rollup: make one with 'tributary rollup init'");
        try
        {
            if (new FileInfo(path).Length > LengthMax)
                return new Refusal("--data", $"{path} is too long to be what 'rollup init' wrote");
            var file = JsonSerializer.Deserialize(File.ReadAllBytes(path), OperatorJson.Default.OperatorFile);
            if (file is null || file.Version != CurrentVersion)
                return new Refusal("--data", $"{path} is of version {file?.Version}; this program knows version {CurrentVersion}");
            return file.Check() is { } wrong ? wrong : file;
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
            stream.Write(JsonSerializer.SerializeToUtf8Bytes(this, OperatorJson.Default.OperatorFile));
            stream.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    private Refusal? Check() =>
        BitcoinNetwork.TryParse(Network, out _)
        && ParameterSet.TryParse(Parameters, out _)
        && Bytes32.TryParse(KeyRoot, out _)
        && Bitcoin.Blocks.BlockHash.TryParse(FromBlock, out _)
        && (Rollup is null || Bytes32.TryParse(Rollup, out _))
        && SegmentSignatures > 0
            ? null
            : new Refusal("--data", $"{FileName} holds values that 'rollup init' does not write");
}
