using System.Text;
using Tributary.Intelligence.Decisions.Rails;
using Tributary.Intelligence.Policy;
using Tributary.Testing;

namespace Tributary.Intelligence.Tests.Decisions.Rails;

public sealed class RailTreatmentTableTests
{
    private const string Valid = """
        { "cash": { "*": {
          "allow": { "action": "proceed", "note": "" }, "step_up": { "action": "ask_for_proof" },
          "review": { "action": "queue", "hold_at_most": "1.00:00:00", "after_hold": "decline" }, "block": { "action": "decline" } },
          "checkout": { "block": { "action": "withhold" } } } }
        """;

    [Fact]
    public void The_table_of_the_program_has_every_rail_point_and_verdict()
    {
        var table = RailTreatmentTable.Default;
        Assert.Equal(["card", "channel", "lightning", "onchain", "rollup"], table.Rails);
        foreach (var rail in table.Rails)
        {
            foreach (var point in Enum.GetValues<DecisionPoint>())
            {
                foreach (var verdict in Enum.GetValues<Verdict>())
                {
                    var treatment = table.Find(rail, point, verdict);
                    Assert.NotNull(treatment);
                    Assert.NotEmpty(treatment.Note);
                    Assert.Equal(verdict == Verdict.Allow, treatment.Action == RailAction.Proceed);
                }
            }
        }

        Assert.Equal(RailAction.HoldHtlc, table.Find("lightning", DecisionPoint.Checkout, Verdict.Review)!.Action);
        Assert.Equal(RailAction.AskIssuer, table.Find("card", DecisionPoint.Confirm, Verdict.StepUp)!.Action);
    }

    [Fact]
    public void A_merchants_own_table_replaces_it_and_a_point_replaces_the_star()
    {
        var table = Parse(Valid).Value;
        Assert.Equal(RailAction.Withhold, table.Find("cash", DecisionPoint.Checkout, Verdict.Block)!.Action);
        Assert.Equal(RailAction.Decline, table.Find("cash", DecisionPoint.Refund, Verdict.Block)!.Action);
        Assert.Equal(TimeSpan.FromDays(1), table.Find("cash", DecisionPoint.Refund, Verdict.Review)!.HoldAtMost);
        Assert.Null(table.Find("card", DecisionPoint.Refund, Verdict.Review));
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("[]", "table")]
    [InlineData("""{ "cash": 1 }""", "cash")]
    [InlineData("""{ "cash": {} }""", "cash.sign_in")]
    [InlineData("""{ "cash": { "cart": {} } }""", "cash.cart")]
    [InlineData("""{ "cash": { "*": { "maybe": {} } } }""", "cash.*.maybe")]
    [InlineData("""{ "cash": { "*": { "allow": {} } } }""", "cash.*.allow")]
    [InlineData("""{ "cash": { "*": { "allow": { "action": "dance" } } } }""", "cash.*.allow.action")]
    [InlineData("""{ "cash": { "*": { "review": { "action": "queue" } } } }""", "cash.*.review")]
    [InlineData("""{ "cash": { "*": { "review": { "action": "queue", "hold_at_most": "1.00:00:00" } } } }""", "cash.*.review")]
    [InlineData("""{ "cash": { "*": { "review": { "action": "queue", "hold_at_most": "99.00:00:00", "after_hold": "decline" } } } }""", "cash.*.review.hold_at_most")]
    [InlineData("""{ "cash": { "*": { "allow": { "action": "\ud800" } } } }""", "table")]
    public void A_table_that_is_wrong_is_refused_with_its_place(string json, string field) => Assert.Equal(field, Parse(json).Error.Field);

    [Fact]
    public void Any_bytes_are_read_or_refused() =>
        Fuzz.Run([Encoding.UTF8.GetBytes(Valid)], static bytes => RailTreatmentTable.Parse(bytes.ToArray()), limits: new FuzzLimits(BytesPerInputByte: 64, Bytes: 65_536));

    private static Tributary.Primitives.Results.Result<RailTreatmentTable, Tributary.Primitives.Results.Refusal> Parse(string json) => RailTreatmentTable.Parse(Encoding.UTF8.GetBytes(json));
}
