using System.Globalization;
using System.Text;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Testing.Bitcoind;

namespace Tributary.Bitcoin.Interop.Tests.Differential;

/// <summary>
/// Random transactions of all input kinds, valid and changed, judged by us and by a real bitcoind: what it would relay
/// (<c>testmempoolaccept</c>) and what it would take in a block (<c>generateblock</c> that is not submitted).
/// <c>TRIBUTARY_DIFFERENTIAL_CASES</c> makes the campaign longer, <c>TRIBUTARY_DIFFERENTIAL_SEED</c> sends it elsewhere.
/// </summary>
public sealed class JudgementTests(BitcoindFixture bitcoind)
{
    private const int RandomScriptCount = 700;

    [Fact]
    public async Task Spends_are_judged_as_bitcoind_judges_them_and_every_script_error_is_met()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var seed = (ulong)Number("TRIBUTARY_DIFFERENTIAL_SEED", 1);
        var chance = new Chance(seed);
        var standard = StandardLocks.Create(chance, 3).ToArray();
        var rules = RuleLocks.Create(chance).ToArray();
        var random = Enumerable.Range(0, RandomScriptCount).Select(_ => RandomScripts.Create(chance)).ToArray();
        // Longer than our own connections stay idle: on a busy machine bitcoind would close one just as we use it again.
        var node = await bitcoind.StartAsync(["-rpcservertimeout=600"], cancellationToken);
        var campaign = await Campaign.CreateAsync(node, [.. standard, .. rules, .. random], cancellationToken);

        // Once through everything as it is meant, then with changes.
        var companions = campaign.Coins.Take(standard.Length).ToArray();
        var tally = new Tally();
        var plain = new SpendMaker(campaign.Coins, companions, chance);
        for (var i = 0; i < campaign.Coins.Count; i++)
            await JudgeAsync(campaign, plain.Make(isVaried: false), tally, cancellationToken);
        var varied = new SpendMaker([.. companions, .. campaign.Coins.TakeLast(100)], companions, chance);
        for (var i = Number("TRIBUTARY_DIFFERENTIAL_CASES", 5000) - campaign.Coins.Count; i > 0; i--)
            await JudgeAsync(campaign, varied.Make(isVaried: true), tally, cancellationToken);

        TestContext.Current.TestOutputHelper?.WriteLine(tally.Summary());
        Assert.True(tally.Differences.Count == 0, $"{tally.Differences.Count} of {tally.Cases} judged differently:\n{string.Join('\n', tally.Differences.Take(20))}");
        Assert.True(tally.Cases >= 2000, $"only {tally.Cases} cases");
        var missed = Enum.GetValues<ScriptError>().Where(error => error != ScriptError.Ok && !tally.Met.Contains(error.GetMessage())).ToArray();
        Assert.True(missed.Length == 0, $"not met: {string.Join(", ", missed)}");
    }

    private static async Task JudgeAsync(Campaign campaign, (SpendDraft Draft, Transaction Transaction) spend, Tally tally, CancellationToken cancellationToken)
    {
        var (draft, transaction) = spend;
        var ours = campaign.View.JudgeConsensus(transaction);
        var theirs = await campaign.Node.JudgeConsensusAsync(transaction, cancellationToken);
        tally.Add("block", draft, transaction, ours, theirs);

        ours = campaign.View.JudgeRelay(transaction);
        theirs = await campaign.Node.JudgeRelayAsync(transaction, cancellationToken);
        if (ours != theirs && !theirs.IsYes && ReducedDataRules.Forbid(transaction, [.. draft.Inputs.Select(static input => input.Coin.Lock.Output)]))
            tally.AddReducedData(theirs);
        else
            tally.Add("relay", draft, transaction, ours, theirs);
        tally.Cases++;
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    /// <summary>What came of a campaign.</summary>
    private sealed class Tally
    {
        private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

        public int Cases { get; set; }

        public List<string> Differences { get; } = [];

        /// <summary>Sentences of script errors on which both judges agreed.</summary>
        public HashSet<string> Met { get; } = new(StringComparer.Ordinal);

        public void Add(string question, SpendDraft draft, Transaction transaction, Verdict ours, Verdict theirs)
        {
            Count($"{question}: {theirs}");
            if (ours == theirs)
                Met.Add(ours.ScriptMessage);
            else
                Differences.Add($"{question}: we say {ours}, bitcoind says {theirs}; inputs {string.Join(" + ", draft.Inputs.Select(static input => input.Coin.Lock.Name))}; {transaction.ToHex()}");
        }

        public void AddReducedData(Verdict theirs) => Count($"relay, by BIP 110 only: {theirs}");

        public string Summary()
        {
            var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"{Cases} cases");
            foreach (var (verdict, count) in _counts)
                text.AppendLine(CultureInfo.InvariantCulture, $"{count,6} {verdict}");
            return text.ToString();
        }

        private void Count(string key) => _counts[key] = _counts.GetValueOrDefault(key) + 1;
    }
}
