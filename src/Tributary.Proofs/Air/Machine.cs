using System.Text;
using Tributary.Primitives.Bytes;
using Tributary.Proofs.Hashing;

namespace Tributary.Proofs.Air;

/// <summary>
/// A fixed list of tables that are proven together and talk over buses. Its digest covers every constraint and every message, so a proof for one
/// machine is none for another.
/// </summary>
public sealed class Machine
{
    /// <summary>Analyses the tables. Buses of one number must be one bus.</summary>
    public Machine(string name, IEnumerable<IAir> airs, int degreeLimit = 3)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Tables = [.. airs.Select(air => AirShape.Analyze(air, degreeLimit))];
        if (Tables.Count == 0)
            throw new ArgumentException("A machine has at least one table.", nameof(airs));
        var buses = new SortedDictionary<int, Bus>();
        foreach (var bus in Tables.SelectMany(table => table.Interactions).Select(interaction => interaction.Bus))
        {
            if (bus.Number is < 0 or > ushort.MaxValue || bus.Width < 1)
                throw new ArgumentException($"Bus {bus.Name} has a number beyond 16 bits or no width.", nameof(airs));
            if (buses.TryGetValue(bus.Number, out var known) && known != bus)
                throw new ArgumentException($"Buses {known.Name} and {bus.Name} share number {bus.Number}.", nameof(airs));
            buses[bus.Number] = bus;
        }

        Buses = [.. buses.Values];
        Digest = ComputeDigest();
    }

    public string Name { get; }

    /// <summary>The tables, in the order in which witnesses and statements list them.</summary>
    public IReadOnlyList<AirShape> Tables { get; }

    /// <summary>Every bus that a table uses, by number.</summary>
    public IReadOnlyList<Bus> Buses { get; }

    /// <summary>The largest degree of a constraint: the blowup must be at least one less.</summary>
    public int MaxDegree => Tables.Max(table => table.MaxDegree);

    /// <summary>Covers names, widths, constraints and messages of all tables.</summary>
    public Bytes32 Digest { get; }

    private Bytes32 ComputeDigest()
    {
        var writer = new ByteWriter(1 << 16);
        WriteText(writer, Name);
        writer.WriteCompactSize((ulong)Tables.Count);
        foreach (var table in Tables)
            WriteTable(writer, table);
        Span<byte> digest = stackalloc byte[Bytes32.Length];
        Blake3.CreateDerived("tributary.proofs v1 machine").Update(writer.WrittenSpan).Finish(digest);
        return new Bytes32(digest);
    }

    private static void WriteTable(ByteWriter writer, AirShape table)
    {
        WriteText(writer, table.Air.Name);
        writer.WriteCompactSize((ulong)table.Air.Width);
        writer.WriteCompactSize((ulong)table.Air.PreprocessedWidth);
        writer.WriteCompactSize((ulong)table.Air.PublicCount);
        var places = new Dictionary<SymbolicNode, int>(ReferenceEqualityComparer.Instance);
        foreach (var node in table.Reachable())
        {
            places.Add(node, places.Count);
            writer.WriteByte((byte)node.Kind);
            writer.WriteCompactSize(node.Left is { } left ? (ulong)places[left] : (ulong)node.Index);
            writer.WriteCompactSize(node.Right is { } right ? (ulong)places[right] : node.Value.Word);
        }

        writer.WriteCompactSize((ulong)table.Constraints.Count);
        foreach (var node in table.Constraints)
            writer.WriteCompactSize((ulong)places[node]);
        writer.WriteCompactSize((ulong)table.Interactions.Count);
        foreach (var interaction in table.Interactions)
        {
            WriteText(writer, interaction.Bus.Name);
            writer.WriteCompactSize((ulong)interaction.Bus.Number);
            writer.WriteByte(interaction.IsSend ? (byte)1 : (byte)0);
            writer.WriteCompactSize((ulong)places[interaction.Multiplicity]);
            writer.WriteCompactSize((ulong)interaction.Message.Count);
            foreach (var node in interaction.Message)
                writer.WriteCompactSize((ulong)places[node]);
        }

        writer.WriteCompactSize((ulong)table.Batches.Count);
        foreach (var batch in table.Batches)
            writer.WriteCompactSize((ulong)batch);
    }

    private static void WriteText(ByteWriter writer, string text) => writer.WriteCompactSizeBytes(Encoding.UTF8.GetBytes(text));
}
