using System.Collections.Immutable;
using Tributary.Intelligence.Journal.Format;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>One decision with everything that went into it: it can be taken again, by the same policy or by another, from this alone.</summary>
public sealed record DecisionEntry : JournalEntry
{
    /// <inheritdoc/>
    public override EntryKind Kind => EntryKind.Decision;

    /// <summary>The decision's number.</summary>
    public required DecisionId Id { get; init; }

    /// <summary>When it was taken.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Where it was taken.</summary>
    public required DecisionPoint Point { get; init; }

    /// <summary>The rail that it was about, or null.</summary>
    public string? Rail { get; init; }

    /// <summary>The schema of features and facts.</summary>
    public required Bytes32 Schema { get; init; }

    /// <summary>The features; NaN is missing.</summary>
    public required ImmutableArray<float> Features { get; init; }

    /// <summary>The facts; identities are pseudonyms.</summary>
    public required ImmutableArray<FactValue> Facts { get; init; }

    /// <summary>The state of the lists.</summary>
    public ulong ListsVersion { get; init; }

    /// <summary>The model; zero for none.</summary>
    public Bytes32 Model { get; init; }

    /// <summary>Its score; NaN for none.</summary>
    public double Score { get; init; } = double.NaN;

    /// <summary>The policy.</summary>
    public required Bytes32 Policy { get; init; }

    /// <summary>What the policy said.</summary>
    public required PolicyOutcome Outcome { get; init; }

    /// <summary>What the payer was told.</summary>
    public required PayerCategory Category { get; init; }

    /// <summary>What was out of the ordinary.</summary>
    public DecisionNotes Notes { get; init; }

    /// <summary>What a row scores before anything is known about it (log-odds); with all contributions it makes the raw score.</summary>
    public double BaseValue { get; init; } = double.NaN;

    /// <summary>The strongest contributions to the score, strongest first.</summary>
    public ImmutableArray<Contribution> Reasons { get; init; } = [];

    /// <summary>What a policy in shadow said.</summary>
    public ShadowDecision? Shadow { get; init; }

    /// <summary>What a challenger scored.</summary>
    public ChallengerScore? Challenger { get; init; }

    /// <summary>From the start of the decision to its verdict and reasons, in microseconds.</summary>
    public long LatencyMicroseconds { get; init; }

    internal override void WriteBody(ByteWriter writer)
    {
        writer.WriteDecisionId(Id);
        writer.WriteTime(At);
        writer.WriteByte((byte)Point);
        writer.WriteOptionalText(Rail);
        writer.WriteBytes32(Schema);
        writer.WriteCompactSize((ulong)Features.Length);
        foreach (var feature in Features)
            writer.WriteSingle(feature);
        writer.WriteCompactSize((ulong)Facts.Length);
        foreach (var fact in Facts)
            WriteFact(writer, fact);
        writer.WriteUInt64LittleEndian(ListsVersion);
        writer.WriteBytes32(Model);
        writer.WriteDouble(Score);
        writer.WriteBytes32(Policy);
        writer.WriteByte((byte)Outcome.Verdict);
        writer.WriteInt32LittleEndian(Outcome.Rule);
        writer.WriteInt32LittleEndian(Outcome.ColdStartRule);
        writer.WriteInt32LittleEndian(Outcome.UndeterminedRules);
        writer.WriteInt32LittleEndian(Outcome.FirstUndeterminedRule);
        writer.WriteByte((byte)Outcome.ShadowVerdict);
        writer.WriteInt32LittleEndian(Outcome.ShadowRule);
        writer.WriteByte((byte)Category);
        writer.WriteInt32LittleEndian((int)Notes);
        writer.WriteDouble(BaseValue);
        writer.WriteCompactSize((ulong)Reasons.Length);
        foreach (var (feature, amount) in Reasons)
        {
            writer.WriteInt32LittleEndian(feature);
            writer.WriteSingle(amount);
        }

        writer.WriteFlag(Shadow is not null);
        if (Shadow is { } shadow)
        {
            writer.WriteBytes32(shadow.Policy);
            writer.WriteByte((byte)shadow.Verdict);
            writer.WriteInt32LittleEndian(shadow.Rule);
        }

        writer.WriteFlag(Challenger is not null);
        if (Challenger is { } challenger)
        {
            writer.WriteBytes32(challenger.Model);
            writer.WriteDouble(challenger.Score);
        }

        writer.WriteInt64LittleEndian(LatencyMicroseconds);
    }

    internal static DecisionEntry Read(ref EntryReader reader)
    {
        const int Severest = (int)Verdict.Block;
        return new DecisionEntry
        {
            Id = reader.DecisionId(),
            At = reader.Time(),
            Point = (DecisionPoint)reader.Choice((int)DecisionPoint.Payout),
            Rail = reader.OptionalText(),
            Schema = reader.Hash(),
            Features = ReadFeatures(ref reader),
            Facts = ReadFacts(ref reader),
            ListsVersion = reader.UInt64(),
            Model = reader.Hash(),
            Score = reader.Double(),
            Policy = reader.Hash(),
            Outcome = new PolicyOutcome(
                (Verdict)reader.Choice(Severest),
                reader.Int32(),
                reader.Int32(),
                reader.Int32(),
                reader.Int32(),
                (Verdict)reader.Choice(Severest),
                reader.Int32()),
            Category = (PayerCategory)reader.Choice((int)PayerCategory.MethodUnavailable),
            Notes = (DecisionNotes)reader.Int32(),
            BaseValue = reader.Double(),
            Reasons = ReadReasons(ref reader),
            Shadow = reader.Flag() ? new ShadowDecision(reader.Hash(), (Verdict)reader.Choice(Severest), reader.Int32()) : null,
            Challenger = reader.Flag() ? new ChallengerScore(reader.Hash(), reader.Double()) : null,
            LatencyMicroseconds = reader.Int64(),
        };
    }

    private static void WriteFact(ByteWriter writer, FactValue fact)
    {
        writer.WriteByte((byte)fact.Kind);
        switch (fact.Kind)
        {
            case FactValueKind.Truth:
                writer.WriteFlag(fact.AsTruth);
                break;
            case FactValueKind.Fixed:
                writer.WriteInt64LittleEndian(fact.AsFixed);
                break;
            case FactValueKind.Number:
                writer.WriteDouble(fact.AsNumber);
                break;
            case FactValueKind.Text:
                writer.WriteText(fact.AsText!);
                break;
        }
    }

    private static ImmutableArray<float> ReadFeatures(ref EntryReader reader)
    {
        var features = new float[reader.Count(sizeof(float), JournalLimits.MaxFeatures)];
        for (var i = 0; i < features.Length; i++)
            features[i] = reader.Single();
        return [.. features];
    }

    private static ImmutableArray<FactValue> ReadFacts(ref EntryReader reader)
    {
        var facts = new FactValue[reader.Count(1, JournalLimits.MaxFacts)];
        for (var i = 0; i < facts.Length; i++)
        {
            facts[i] = (FactValueKind)reader.Choice((int)FactValueKind.Text) switch
            {
                FactValueKind.Truth => FactValue.Of(reader.Flag()),
                FactValueKind.Fixed => FactValue.Of(reader.Int64()),
                FactValueKind.Number => FactValue.Of(reader.Double()),
                FactValueKind.Text => FactValue.Of(reader.Text()),
                _ => FactValue.Missing,
            };
        }

        return [.. facts];
    }

    private static ImmutableArray<Contribution> ReadReasons(ref EntryReader reader)
    {
        var reasons = new Contribution[reader.Count(8, JournalLimits.MaxReasons)];
        for (var i = 0; i < reasons.Length; i++)
            reasons[i] = new Contribution(reader.Int32(), reader.Single());
        return [.. reasons];
    }
}
