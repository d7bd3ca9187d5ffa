using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Intelligence.Privacy;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Decisions;

/// <summary>What a request must be before anything is decided or written about it.</summary>
internal static class RequestRules
{
    private const int MaxTextLength = 256;
    private const int MaxRailLength = 64;

    public static Refusal? Check(in DecisionRequest request, PolicySchema schema, out DecisionNotes notes)
    {
        notes = DecisionNotes.None;
        if (!Enum.IsDefined(request.Point))
            return new Refusal("point", $"{(int)request.Point} is no decision point.");
        if (request.Rail is { Length: 0 or > MaxRailLength })
            return new Refusal("rail", $"A rail's name has 1 to {MaxRailLength} characters.");
        if (request.Features.Length != schema.Features.Count)
            return new Refusal("features", $"The schema has {schema.Features.Count} features, the request {request.Features.Length}.");
        if (request.Facts.Length != schema.Facts.Length)
            return new Refusal("facts", $"The schema has {schema.Facts.Length} facts, the request {request.Facts.Length}.");
        foreach (var feature in request.Features)
        {
            notes |= float.IsNaN(feature) ? DecisionNotes.MissingFeature : DecisionNotes.None;
            notes |= float.IsInfinity(feature) ? DecisionNotes.InfiniteFeature : DecisionNotes.None;
        }

        for (var i = 0; i < request.Facts.Length; i++)
        {
            if (CheckFact(request.Facts[i], schema.Facts[i]) is { } reason)
                return new Refusal($"facts.{schema.Facts[i].Name}", reason);
        }

        return null;
    }

    private static string? CheckFact(FactValue value, FactDefinition definition)
    {
        if (value.Kind == FactValueKind.Missing)
            return null;
        var fits = (value.Kind, definition.Type.Kind) is (FactValueKind.Truth, PolicyTypeKind.Truth) or (FactValueKind.Fixed, PolicyTypeKind.Fixed)
            or (FactValueKind.Number, PolicyTypeKind.Number) or (FactValueKind.Text, PolicyTypeKind.Text);
        if (!fits)
            return $"The schema says {definition.Type}, and this is another kind of value.";
        if (value.AsText is not { } text)
            return null;
        if (definition.IsPseudonym && !Pseudonym.IsWellFormed(text))
            return "An identity is only taken as a pseudonym of 32 to 64 lower-case hex digits.";
        return text.Length <= MaxTextLength ? null : $"A text has at most {MaxTextLength} characters.";
    }
}
