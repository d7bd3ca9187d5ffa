using System.Collections.Immutable;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Policy.Schema;

namespace Tributary.Intelligence.Tests.Policy.Schema;

public sealed class PolicySchemaTests
{
    private static readonly FeatureSchema Features = FeatureSchema.Numeric("amount", "card_count_1h");

    [Theory]
    [InlineData("Amount")]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("a b")]
    [InlineData("größe")]
    [InlineData("amount")]
    [InlineData("score")]
    public void A_name_that_is_no_name_or_is_taken_is_refused(string name) =>
        Assert.Equal(name, PolicySchema.Create(Features, [new FactDefinition(name, PolicyType.Text)]).Error.Field);

    [Fact]
    public void Lists_and_velocities_about_nothing_are_refused()
    {
        Assert.False(PolicySchema.Create(Features, lists: [new ListDefinition("trusted", "card")]).IsOk);
        Assert.False(PolicySchema.Create(Features, lists: [new ListDefinition("trusted", "amount")]).IsOk);
        Assert.False(PolicySchema.Create(Features, velocities: [new VelocityDefinition("count", Of: null, "card", TimeSpan.FromHours(1), "card_count_2h")]).IsOk);
        Assert.False(PolicySchema.Create(Features, velocities: [new VelocityDefinition("count", Of: null, "card", TimeSpan.Zero, "card_count_1h")]).IsOk);
        Assert.False(PolicySchema.Create(Features, [new FactDefinition("card", PolicyType.Integer, IsPseudonym: true)]).IsOk);
        Assert.False(PolicySchema.Create(Features, categories: ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("amount", ["a"])).IsOk);
    }

    [Fact]
    public void Lists_take_entries_of_the_schema_only()
    {
        var schema = Shop.Schema;
        Assert.False(PolicyLists.Create(schema, 1, new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal) { ["nope"] = [] }).IsOk);
        Assert.False(PolicyLists.Create(schema, 1, new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal) { ["trusted"] = [""] }).IsOk);
        Assert.False(PolicyLists.Create(schema, 1, new Dictionary<string, IReadOnlyCollection<string>>(StringComparer.Ordinal) { ["trusted"] = [new string('x', 257)] }).IsOk);
    }
}
