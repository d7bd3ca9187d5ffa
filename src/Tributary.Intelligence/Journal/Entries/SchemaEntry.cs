using System.Collections.Immutable;
using System.Security.Cryptography;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Journal.Format;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>What decisions from here on are about: enough to read them, and to run policies over them, without anything else.</summary>
/// <param name="Schema">The schema.</param>
public sealed record SchemaEntry(PolicySchema Schema) : JournalEntry
{
    /// <inheritdoc/>
    public override EntryKind Kind => EntryKind.Schema;

    /// <summary>SHA-256 of the entry's body: what decisions refer to.</summary>
    public static Bytes32 HashOf(PolicySchema schema)
    {
        var writer = new ByteWriter();
        new SchemaEntry(schema).WriteBody(writer);
        return new Bytes32(SHA256.HashData(writer.WrittenSpan));
    }

    internal override void WriteBody(ByteWriter writer)
    {
        var features = Schema.Features;
        writer.WriteCompactSize((ulong)features.Count);
        for (var i = 0; i < features.Count; i++)
        {
            writer.WriteText(features.Names[i]);
            writer.WriteByte((byte)features.Kinds[i]);
            var categories = Schema.Find(features.Names[i])!.Categories;
            writer.WriteFlag(!categories.IsDefault);
            if (categories.IsDefault)
                continue;
            writer.WriteCompactSize((ulong)categories.Length);
            foreach (var category in categories)
                writer.WriteText(category);
        }

        writer.WriteCompactSize((ulong)Schema.Facts.Length);
        foreach (var fact in Schema.Facts)
        {
            writer.WriteText(fact.Name);
            writer.WriteByte((byte)fact.Type.Kind);
            writer.WriteByte((byte)fact.Type.Decimals);
            writer.WriteOptionalText(fact.Type.Unit);
            writer.WriteFlag(fact.IsPseudonym);
        }

        writer.WriteCompactSize((ulong)Schema.Lists.Length);
        foreach (var list in Schema.Lists)
        {
            writer.WriteText(list.Name);
            writer.WriteText(list.Attribute);
        }

        writer.WriteCompactSize((ulong)Schema.Velocities.Length);
        foreach (var velocity in Schema.Velocities)
        {
            writer.WriteText(velocity.Aggregate);
            writer.WriteOptionalText(velocity.Of);
            writer.WriteText(velocity.Entity);
            writer.WriteInt64LittleEndian(velocity.Window.Ticks);
            writer.WriteText(velocity.Feature);
        }
    }

    internal static SchemaEntry? Read(ref EntryReader reader)
    {
        var names = new string[reader.Count(3, JournalLimits.MaxFeatures)];
        var kinds = new FeatureKind[names.Length];
        var categories = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = reader.Text();
            kinds[i] = (FeatureKind)reader.Choice((int)FeatureKind.Categorical);
            if (reader.Flag())
                categories[names[i]] = Categories(ref reader);
        }

        var facts = new FactDefinition[reader.Count(5, JournalLimits.MaxFacts)];
        for (var i = 0; i < facts.Length; i++)
            facts[i] = new FactDefinition(reader.Text(), new PolicyType((PolicyTypeKind)reader.Choice((int)PolicyTypeKind.Text), reader.Byte(), reader.OptionalText()), reader.Flag());
        var lists = new ListDefinition[reader.Count(2, JournalLimits.MaxFacts)];
        for (var i = 0; i < lists.Length; i++)
            lists[i] = new ListDefinition(reader.Text(), reader.Text());
        var velocities = new VelocityDefinition[reader.Count(12, JournalLimits.MaxFeatures)];
        for (var i = 0; i < velocities.Length; i++)
            velocities[i] = new VelocityDefinition(reader.Text(), reader.OptionalText(), reader.Text(), new TimeSpan(reader.Int64()), reader.Text());
        if (!reader.IsComplete)
            return null;
        return PolicySchema.Create(new FeatureSchema([.. names], [.. kinds]), facts, lists, velocities, categories).TryGet(out var schema) ? new SchemaEntry(schema) : null;
    }

    private static ImmutableArray<string> Categories(ref EntryReader reader)
    {
        var categories = new string[reader.Count(1, ushort.MaxValue + 1)];
        for (var i = 0; i < categories.Length; i++)
            categories[i] = reader.Text();
        return [.. categories];
    }
}
