using System.Collections.Frozen;
using System.Collections.Immutable;
using Tributary.Intelligence.Data;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Policy.Schema;

/// <summary>What policies can ask about: the model's features, facts of the payment, the score, lists and velocities.</summary>
public sealed class PolicySchema
{
    /// <summary>The name of the model's score.</summary>
    public const string ScoreName = "score";

    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 64;

    private readonly FrozenDictionary<string, PolicyAttribute> _attributes;
    private readonly FrozenDictionary<string, int> _lists;

    private PolicySchema(
        FeatureSchema features,
        ImmutableArray<FactDefinition> facts,
        ImmutableArray<ListDefinition> lists,
        ImmutableArray<VelocityDefinition> velocities,
        Dictionary<string, PolicyAttribute> attributes)
    {
        Features = features;
        Facts = facts;
        Lists = lists;
        Velocities = velocities;
        _attributes = attributes.ToFrozenDictionary(StringComparer.Ordinal);
        _lists = lists.Select((list, index) => (list.Name, index)).ToFrozenDictionary(pair => pair.Name, pair => pair.index, StringComparer.Ordinal);
    }

    /// <summary>The features of a row, in order.</summary>
    public FeatureSchema Features { get; }

    /// <summary>The facts of a decision, in order.</summary>
    public ImmutableArray<FactDefinition> Facts { get; }

    /// <summary>The lists, in order.</summary>
    public ImmutableArray<ListDefinition> Lists { get; }

    /// <summary>The velocities.</summary>
    public ImmutableArray<VelocityDefinition> Velocities { get; }

    /// <summary>Names of all attributes.</summary>
    public IEnumerable<string> AttributeNames => _attributes.Keys;

    /// <summary>
    /// Puts a schema together. Refused: a name that is not in snake case, stands twice or is <c>score</c>; a list or a velocity about something
    /// that does not exist; categories for a feature that has none.
    /// </summary>
    /// <param name="features">The features.</param>
    /// <param name="facts">The facts.</param>
    /// <param name="lists">The lists.</param>
    /// <param name="velocities">The velocities.</param>
    /// <param name="categories">For categorical features, the category of each code; a categorical feature without them is a number.</param>
    public static Result<PolicySchema, Refusal> Create(
        FeatureSchema features,
        IEnumerable<FactDefinition>? facts = null,
        IEnumerable<ListDefinition>? lists = null,
        IEnumerable<VelocityDefinition>? velocities = null,
        IReadOnlyDictionary<string, ImmutableArray<string>>? categories = null)
    {
        ImmutableArray<FactDefinition> allFacts = [.. facts ?? []];
        ImmutableArray<ListDefinition> allLists = [.. lists ?? []];
        ImmutableArray<VelocityDefinition> allVelocities = [.. velocities ?? []];
        var attributes = new Dictionary<string, PolicyAttribute>(StringComparer.Ordinal)
        {
            [ScoreName] = new(ScoreName, PolicyType.Number, AttributeSource.Score, 0),
        };
        for (var i = 0; i < features.Count; i++)
        {
            var names = categories is not null && categories.TryGetValue(features.Names[i], out var given) ? given : default;
            if (!names.IsDefault && features.Kinds[i] != FeatureKind.Categorical)
                return new Refusal(features.Names[i], "The feature is not categorical, so it has no categories.");
            var type = names.IsDefault ? PolicyType.Number : PolicyType.Text;
            if (Add(attributes, new PolicyAttribute(features.Names[i], type, AttributeSource.Feature, i, names)) is { } refusal)
                return refusal;
        }

        for (var i = 0; i < allFacts.Length; i++)
        {
            var (name, type, isPseudonym) = allFacts[i];
            if (isPseudonym && type.Kind != PolicyTypeKind.Text)
                return new Refusal(name, "A pseudonym is a text.");
            if (type.Decimals is < 0 or > 12)
                return new Refusal(name, "An amount has 0 to 12 decimals.");
            if (Add(attributes, new PolicyAttribute(name, type, AttributeSource.Fact, i)) is { } refusal)
                return refusal;
        }

        return (CheckLists(allLists, attributes) ?? CheckVelocities(allVelocities, features)) is { } wrong
            ? wrong
            : new PolicySchema(features, allFacts, allLists, allVelocities, attributes);
    }

    /// <summary>The attribute of a name, or null.</summary>
    public PolicyAttribute? Find(string name) => _attributes.GetValueOrDefault(name);

    /// <summary>The place of a list, or −1.</summary>
    public int IndexOfList(string name) => _lists.GetValueOrDefault(name, -1);

    /// <summary>True for 1 to 64 lower-case letters, digits and underscores that start with a letter.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength && char.IsAsciiLetterLower(name[0])
        && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');

    private static Refusal? Add(Dictionary<string, PolicyAttribute> attributes, PolicyAttribute attribute)
    {
        if (!IsName(attribute.Name))
            return new Refusal(attribute.Name, $"A name has 1 to {MaxNameLength} lower-case letters, digits and underscores, a letter first.");
        return attributes.TryAdd(attribute.Name, attribute) ? null : new Refusal(attribute.Name, "The name stands twice, or is the score's.");
    }

    private static Refusal? CheckLists(ImmutableArray<ListDefinition> lists, Dictionary<string, PolicyAttribute> attributes)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var list in lists)
        {
            if (!IsName(list.Name) || !seen.Add(list.Name))
                return new Refusal(list.Name, "A list's name is in snake case and stands once.");
            if (!attributes.TryGetValue(list.Attribute, out var attribute) || attribute.Type.Kind != PolicyTypeKind.Text)
                return new Refusal(list.Name, $"The list is about {list.Attribute}, which is no text attribute.");
        }

        return null;
    }

    private static Refusal? CheckVelocities(ImmutableArray<VelocityDefinition> velocities, FeatureSchema features)
    {
        foreach (var velocity in velocities)
        {
            var index = features.IndexOf(velocity.Feature);
            if (index < 0 || features.Kinds[index] != FeatureKind.Numeric)
                return new Refusal(velocity.Feature, "A velocity is answered by a numeric feature, and this is none.");
            if (!IsName(velocity.Aggregate) || !IsName(velocity.Entity) || (velocity.Of is not null && !IsName(velocity.Of)) || velocity.Window <= TimeSpan.Zero)
                return new Refusal(velocity.Feature, "A velocity has an aggregate and an entity in snake case and a window above zero.");
        }

        return null;
    }
}
