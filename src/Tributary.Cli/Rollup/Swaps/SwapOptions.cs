using System.CommandLine;
using System.Globalization;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Serving;
using Tributary.Rollup.Swaps;
using Tributary.Rollup.Swaps.Wallets;
using Tributary.Rollup.Wallets;

namespace Tributary.Cli.Rollup.Swaps;

/// <summary>Options that the commands of swaps share.</summary>
internal static class SwapOptions
{
    internal static Option<long> Amount { get; } = new("--amount") { Description = "Satoshis on Bitcoin: what you pay where it goes in, what you are paid where it goes out.", Required = true };

    internal static Option<uint> Account { get; } = new("--account") { Description = "The account's place in this wallet (0)." };

    internal static Option<long?> FeeMax { get; } = new("--fee-max") { Description = "The most that the swap may cost, in satoshis (2,000 and 2 % of the amount)." };

    internal static Option<string?> Margins { get; } = new("--margins")
    {
        Description = "Blocks that you rely on at least: depth,confirm,post,anchor,final (6,36,36,36,72). Shorter ones are quicker and ask more of your node and of fees.",
    };

    internal static Option<string[]> Proofs { get; } = new("--proofs")
    {
        Description = "Who has proofs besides the operator: the address of a mirror, or the folder of a verifier (may be repeated).",
        DefaultValueFactory = static _ => [],
    };

    internal static Option<int> Feerate { get; } = new("--feerate-max") { Description = "The most that a post on Bitcoin may pay, in sat/vB: needed where the operator does not do its part.", DefaultValueFactory = static _ => 20 };

    internal static Option<int?> Wanted { get; } = new("--feerate") { Description = "What a post on Bitcoin pays, in sat/vB; otherwise the node's estimate. 'rollup bump' raises it while the post waits." };

    internal static Option<bool> Force { get; } = new("--force") { Description = "Post claims and refunds on Bitcoin at once where the operator does not answer, instead of when time gets short." };

    internal static Argument<string?> Swap { get; } = new("swap") { Description = "The swap's hash, or the beginning of it; otherwise all that are not over.", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>Five numbers of blocks; the defaults where nothing is said.</summary>
    internal static Result<SwapMargins, Refusal> ReadMargins(string option, string? text)
    {
        if (text is null)
            return new SwapMargins();
        var parts = text.Split(',');
        int[] numbers = [.. parts.Select(static part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)];
        return SwapFile.ReadMargins(numbers) is { } margins ? margins : new Refusal(option, "is five numbers of blocks, one at least each: depth,confirm,post,anchor,final, like 6,36,36,36,72");
    }

    /// <summary>The feerate of posts.</summary>
    internal static Result<FeeratePerKvB, Refusal> ReadFeerate(ParseResult parsed) => parsed.GetValue(Feerate) is >= 1 and <= 10_000 and var rate
        ? new FeeratePerKvB(rate * 1000L)
        : new Refusal("--feerate-max", "lies between 1 and 10000 sat/vB");

    /// <summary>The feerate that a post is to pay; the default rate where nothing is said.</summary>
    internal static Result<FeeratePerKvB, Refusal> ReadWanted(ParseResult parsed) => parsed.GetValue(Wanted) switch
    {
        null => default(FeeratePerKvB),
        >= 1 and <= 10_000 and var rate => new FeeratePerKvB(rate * 1000L),
        _ => new Refusal("--feerate", "lies between 1 and 10000 sat/vB"),
    };

    /// <summary>Who has proofs: the operator, and whoever was named.</summary>
    internal static Result<List<IProofSource>, Refusal> ReadSources(ParseResult parsed, HttpClient http, Uri? operatorAddress)
    {
        List<IProofSource> sources = operatorAddress is null ? [] : [new HttpProofMirror(http, operatorAddress)];
        foreach (var text in parsed.GetValue(Proofs)!)
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
                sources.Add(new HttpProofMirror(http, address));
            else if (Directory.Exists(text))
                sources.Add(new ProofFolder(Path.GetFullPath(text)));
            else
                return new Refusal("--proofs", $"'{text}' is neither an address like http://127.0.0.1:8661/ nor a folder");
        }

        return sources;
    }

    /// <summary>Where a wallet's swaps are.</summary>
    internal static string RootOf(RollupWallet wallet) => Path.Combine(wallet.Folder, "swaps");

    /// <summary>The folders that a command means: the one that is named, or all.</summary>
    internal static Result<List<string>, Refusal> Find(RollupWallet wallet, string? name)
    {
        var all = SwapFolder.List(RootOf(wallet));
        if (name is null)
            return all.ToList();
        List<string> found = [.. all.Where(path => Path.GetFileName(path).StartsWith(name, StringComparison.OrdinalIgnoreCase))];
        return found.Count switch
        {
            1 => found,
            0 => new Refusal("swap", $"'{name}' is none of this wallet's: 'tributary rollup swap status' lists them"),
            _ => new Refusal("swap", $"'{name}' is the beginning of {found.Count}: give more of it"),
        };
    }
}
