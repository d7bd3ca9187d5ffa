using System.Security.Cryptography;
using Tributary.Intelligence.Decisions;
using Tributary.Intelligence.Explanations;
using Tributary.Intelligence.Fairness;
using Tributary.Intelligence.Journal.Labels;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Intelligence.Training;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Benchmarks;

/// <summary>An engine as a shop runs it: 15 features, 100 trees of 31 leaves, a policy of twenty rules, the system's clock and entropy.</summary>
internal sealed class DecisionBench
{
    private const int RowCount = 4096;

    private static readonly string Card = new('a', 32);

    private readonly float[][] _rows;
    private readonly FactValue[] _facts = [FactValue.Of(12_000L), FactValue.Of("DE"), FactValue.Of("FR"), FactValue.Of(Card)];
    private int _next;

    public DecisionBench()
    {
        var (x, y) = PaymentTable.Create(268_000);
        var model = GbdtTrainer.Train(x, y, new GbdtOptions { TreeCount = 100 });
        _rows = PaymentTable.Rows(x, RowCount);
        Schema = PolicySchema.Create(
            x.Schema,
            [new("amount_eur", PolicyType.Amount("EUR", 2)), new("country", PolicyType.Text), new("ip_country", PolicyType.Text), new("card", PolicyType.Text, IsPseudonym: true)],
            [new ListDefinition("trusted", "card"), new ListDefinition("stolen", "card")]).Value;
        Policy = PolicyCompiler.Compile(Text(), Schema).Value;
        Lists = PolicyLists.Empty(Schema);
        var parts = new DecisionParts(Policy, Lists, new Enough(), ProtectedAttributes.Usual)
        {
            Model = new ModelInUse(model, new Bytes32(SHA256.HashData("model"u8)), "bench", new TreeExplainer(model)),
        };
        Engine = new DecisionEngine(DecisionSetup.Create(parts).Value, TimeProvider.System, new SystemEntropy());
    }

    public PolicySchema Schema { get; }

    public CompiledPolicy Policy { get; }

    public PolicyLists Lists { get; }

    public DecisionEngine Engine { get; }

    public float[] NextRow() => _rows[_next++ & (RowCount - 1)];

    public AnalystDecision Decide(bool withReasons) => Engine.Decide(new DecisionRequest
    {
        Point = DecisionPoint.Checkout,
        Features = NextRow(),
        Facts = _facts,
        Rail = "lightning",
        WithReasons = withReasons,
    }).Value;

    public PolicyOutcome Evaluate() => Policy.Evaluate(DecisionPoint.Checkout, new PolicyFacts(NextRow(), _facts, score: 0.1, Lists), modelMayDecide: true);

    // Twenty rules of which none but the last ones decide: each decision reads them all.
    private static string Text() =>
        "let abroad = :country: != :ip_country:\nallow if in list(trusted)\nblock if in list(stolen)\n"
        + string.Concat(Enumerable.Range(0, 15).Select(i => $"review if :f{i}: > {1_000_000 + i} and abroad and :amount_eur: > {500 + i}.50\n"))
        + "block if score >= 0.9\nreview if score >= 0.5 or (abroad and :amount_eur: > 5000)\nstep_up if :f1: > 40 and :f0: > 300\notherwise allow\n";

    private sealed class Enough : IConfirmedOutcomes
    {
        public int ConfirmedBadOutcomes => 1_000;
    }
}
