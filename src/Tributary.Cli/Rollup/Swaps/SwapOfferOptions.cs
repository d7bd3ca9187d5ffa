using System.CommandLine;
using System.Globalization;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Swaps.Providing;

namespace Tributary.Cli.Rollup.Swaps;

/// <summary>What <c>tributary rollup run</c> says of the swaps that it offers, and how much strangers may take up.</summary>
internal static class SwapOfferOptions
{
    private const int Sats = 2_000_000_000;

    private static readonly Number s_min = new("--swap-min", "The least amount of a swap, in satoshis.", 10_000, 5_000, Sats);
    private static readonly Number s_max = new("--swap-max", "The largest amount of a swap, in satoshis.", 1_000_000, 5_000, Sats);
    private static readonly Number s_fee = new("--swap-fee-sat", "What a swap costs, in satoshis, besides the transaction on Bitcoin.", 200, 0, 1_000_000);
    private static readonly Number s_ppm = new("--swap-fee-ppm", "What is added for each million.", 2_000, 0, 100_000);
    private static readonly Number s_blocks = new("--swap-blocks", "Blocks that an offer of a swap stands for.", 6, 1, 144);
    private static readonly Number s_open = new("--swap-open", "Swaps that are under way at a time.", 256, 1, 10_000);
    private static readonly Number s_waiting = new("--swap-waiting", "Swaps at a time that their clients have not begun: each sets money aside.", 32, 1, 10_000);
    private static readonly Number s_waitingSat = new("--swap-waiting-sat", "What may be set aside for swaps that their clients have not begun, in satoshis.", 10_000_000, 5_000, Sats);
    private static readonly Number s_accountOpen = new("--swap-account-open", "Swaps of one account that are under way at a time.", 8, 1, 10_000);
    private static readonly Number s_accountWaiting = new("--swap-account-waiting", "Swaps of one account at a time that it has not begun.", 3, 1, 10_000);
    private static readonly Number s_accountSat = new("--swap-account-sat", "What one account's swaps that are under way may come to, in satoshis.", 5_000_000, 5_000, Sats);
    private static readonly Number s_accountLapsed = new("--swap-account-lapsed", "Swaps that one account may ask for within 144 blocks without beginning them.", 6, 1, 10_000);
    private static readonly Number[] s_numbers = [s_min, s_max, s_fee, s_ppm, s_blocks, s_open, s_waiting, s_waitingSat, s_accountOpen, s_accountWaiting, s_accountSat, s_accountLapsed];

    private static readonly Option<string?> s_margins = new("--swap-margins") { Description = "Blocks that swaps rely on: depth,confirm,post,anchor,final (6,36,36,36,72; docs/rollup/swaps.md)." };
    private static readonly Option<bool> s_drain = new("--swap-drain") { Description = "Take no new swaps, lock for none that wait, and see to their end those that are locked." };

    /// <summary>Adds them to a command.</summary>
    internal static void AddTo(Command command)
    {
        foreach (var number in s_numbers)
            command.Add(number.Option);
        command.Add(s_margins);
        command.Add(s_drain);
    }

    /// <summary>Reads them.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="feerateMax">The most that a post on Bitcoin may ever pay.</param>
    internal static Result<SwapProviderOptions, Refusal> Read(ParseResult parsed, FeeratePerKvB feerateMax)
    {
        foreach (var number in s_numbers)
        {
            if (number.In(parsed) < number.Least || number.In(parsed) > number.Most)
                return new Refusal(number.Option.Name, string.Create(CultureInfo.InvariantCulture, $"lies between {number.Least} and {number.Most}"));
        }

        if (s_min.In(parsed) > s_max.In(parsed))
            return new Refusal("--swap-max", "is less than --swap-min");
        if (!SwapOptions.ReadMargins("--swap-margins", parsed.GetValue(s_margins)).TryGet(out var margins, out var refusal))
            return refusal;
        return new SwapProviderOptions
        {
            TakesNew = !parsed.GetValue(s_drain),
            AmountMin = new Satoshis(s_min.In(parsed)),
            AmountMax = new Satoshis(s_max.In(parsed)),
            FeeBase = new Satoshis(s_fee.In(parsed)),
            FeePpm = s_ppm.In(parsed),
            QuoteBlocks = s_blocks.In(parsed),
            Margins = margins,
            Limits = new SwapLimits
            {
                OpenMax = s_open.In(parsed),
                WaitingMax = s_waiting.In(parsed),
                WaitingAmountMax = new Satoshis(s_waitingSat.In(parsed)),
                OpenPerAccountMax = s_accountOpen.In(parsed),
                WaitingPerAccountMax = s_accountWaiting.In(parsed),
                AmountPerAccountMax = new Satoshis(s_accountSat.In(parsed)),
                LapsedPerAccountMax = s_accountLapsed.In(parsed),
            },
            FeerateMax = feerateMax,
        };
    }

    private sealed class Number(string name, string description, int otherwise, int least, int most)
    {
        internal Option<int> Option { get; } = new(name)
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"{description} ({otherwise})"),
            DefaultValueFactory = _ => otherwise,
        };

        internal int Least => least;

        internal int Most => most;

        internal int In(ParseResult parsed) => parsed.GetValue(Option);
    }
}
