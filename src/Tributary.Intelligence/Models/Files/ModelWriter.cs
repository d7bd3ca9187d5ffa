using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Drift;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Models.Files;

/// <summary>Writes what <see cref="ModelReader"/> reads. Integers are little endian or CompactSize, floats IEEE 754, text UTF-8 behind its length.</summary>
internal static class ModelWriter
{
    public static byte[] Write(ModelFile file)
    {
        var writer = new ByteWriter(4096);
        writer.WriteBytes(ModelFile.Magic);
        writer.WriteUInt16LittleEndian(ModelFile.Version);
        WriteSchema(writer, file.Model.Schema);
        WriteModel(writer, file.Model);
        WriteLineage(writer, file.Lineage);
        WriteCard(writer, file.Card);
        writer.WriteByte(file.Reference is null ? (byte)0 : (byte)1);
        if (file.Reference is { } reference)
            WriteReference(writer, reference);
        writer.WriteBytes(SHA256.HashData(writer.WrittenSpan));
        return writer.ToArray();
    }

    private static void WriteSchema(ByteWriter writer, FeatureSchema schema)
    {
        writer.WriteCompactSize((ulong)schema.Count);
        for (var feature = 0; feature < schema.Count; feature++)
        {
            WriteText(writer, schema.Names[feature]);
            writer.WriteByte((byte)schema.Kinds[feature]);
        }
    }

    private static void WriteModel(ByteWriter writer, IModel model)
    {
        switch (model)
        {
            case GbdtModel trees:
                writer.WriteByte(ModelTag.Trees);
                WriteTrees(writer, trees);
                break;
            case LogisticModel logistic:
                writer.WriteByte(ModelTag.Logistic);
                WriteLogistic(writer, logistic);
                break;
            case CalibratedModel calibrated:
                writer.WriteByte(ModelTag.Calibrated);
                WriteCalibration(writer, calibrated.Calibration);
                WriteModel(writer, calibrated.Inner);
                break;
            case BlendedModel blend:
                writer.WriteByte(ModelTag.Blended);
                writer.WriteCompactSize((ulong)blend.Models.Length);
                for (var i = 0; i < blend.Models.Length; i++)
                {
                    WriteDouble(writer, blend.Weights[i]);
                    WriteModel(writer, blend.Models[i]);
                }

                break;
            default:
                throw new NotSupportedException($"{model.GetType().Name} has no form in a file.");
        }
    }

    private static void WriteTrees(ByteWriter writer, GbdtModel model)
    {
        writer.WriteByte((byte)model.Link);
        WriteDouble(writer, model.BaseScore);
        writer.WriteCompactSize((ulong)model.Trees.Length);
        foreach (var tree in model.Trees)
        {
            writer.WriteCompactSize((ulong)tree.Nodes.Length);
            foreach (var node in tree.Nodes)
            {
                writer.WriteUInt16LittleEndian((ushort)node.Feature);
                writer.WriteByte((byte)((node.MissingLeft ? NodeFlag.MissingLeft : 0) | (node.Categories is null ? 0 : NodeFlag.Categories)
                    | (node.Categories is { UnseenLeft: true } ? NodeFlag.UnseenLeft : 0)));
                writer.WriteInt32LittleEndian(node.Left);
                writer.WriteInt32LittleEndian(node.Right);
                WriteDouble(writer, node.Gain);
                if (node.Categories is { } set)
                {
                    writer.WriteCompactSize((ulong)set.Bits.Length);
                    foreach (var word in set.Bits)
                        writer.WriteUInt32LittleEndian(word);
                }
                else
                {
                    WriteFloat(writer, node.Threshold);
                }
            }

            foreach (var value in tree.LeafValues)
                WriteDouble(writer, value);
            foreach (var cover in tree.LeafCovers)
                WriteDouble(writer, cover);
        }
    }

    private static void WriteLogistic(ByteWriter writer, LogisticModel model)
    {
        WriteDouble(writer, model.Intercept);
        foreach (var term in model.Terms)
        {
            WriteDouble(writer, term.MissingValue);
            WriteDouble(writer, term.Mean);
            switch (term)
            {
                case NumericTerm numeric:
                    WriteFloat(writer, numeric.Least);
                    WriteFloat(writer, numeric.Greatest);
                    WriteDouble(writer, numeric.Centre);
                    WriteDouble(writer, numeric.Slope);
                    writer.WriteCompactSize((ulong)numeric.Knots.Length);
                    for (var knot = 0; knot < numeric.Knots.Length; knot++)
                    {
                        WriteFloat(writer, numeric.Knots[knot]);
                        WriteDouble(writer, numeric.SlopeChanges[knot]);
                    }

                    break;
                case CategoryTerm category:
                    WriteDouble(writer, category.UnseenValue);
                    writer.WriteCompactSize((ulong)category.Values.Length);
                    foreach (var value in category.Values)
                        WriteDouble(writer, value);
                    break;
                default:
                    throw new NotSupportedException($"{term.GetType().Name} has no form in a file.");
            }
        }
    }

    private static void WriteCalibration(ByteWriter writer, ICalibration calibration)
    {
        switch (calibration)
        {
            case PlattCalibration platt:
                writer.WriteByte(CalibrationTag.Platt);
                WriteDouble(writer, platt.Slope);
                WriteDouble(writer, platt.Intercept);
                break;
            case IsotonicCalibration isotonic:
                writer.WriteByte(CalibrationTag.Isotonic);
                writer.WriteCompactSize((ulong)isotonic.Scores.Length);
                for (var i = 0; i < isotonic.Scores.Length; i++)
                {
                    WriteDouble(writer, isotonic.Scores[i]);
                    WriteDouble(writer, isotonic.Probabilities[i]);
                }

                break;
            default:
                throw new NotSupportedException($"{calibration.GetType().Name} has no form in a file.");
        }
    }

    private static void WriteLineage(ByteWriter writer, ModelLineage lineage)
    {
        writer.WriteInt64LittleEndian(lineage.TrainedAt);
        WriteText(writer, lineage.DataName);
        writer.WriteBytes32(lineage.DataHash);
        writer.WriteInt64LittleEndian(lineage.Rows);
        writer.WriteInt64LittleEndian(lineage.Positives);
        writer.WriteInt64LittleEndian(lineage.DataFrom);
        writer.WriteInt64LittleEndian(lineage.DataTo);
        writer.WriteBytes32(lineage.Parent);
        writer.WriteCompactSize((ulong)lineage.Options.Count);
        foreach (var (name, value) in lineage.Options)
        {
            WriteText(writer, name);
            WriteText(writer, value);
        }

        writer.WriteCompactSize((ulong)lineage.Metrics.Count);
        foreach (var (name, value) in lineage.Metrics)
        {
            WriteText(writer, name);
            WriteDouble(writer, value);
        }
    }

    private static void WriteCard(ByteWriter writer, ModelCard card)
    {
        WriteText(writer, card.Name);
        WriteText(writer, card.Purpose);
        WriteText(writer, card.NotFor);
        WriteText(writer, card.Contact);
        writer.WriteCompactSize((ulong)card.Limits.Length);
        foreach (var limit in card.Limits)
            WriteText(writer, limit);
    }

    private static void WriteReference(ByteWriter writer, DriftReference reference)
    {
        writer.WriteCompactSize((ulong)reference.Features.Length);
        foreach (var feature in reference.Features)
            WriteDistribution(writer, feature);
        WriteDistribution(writer, reference.Scores);
        WriteDistribution(writer, reference.Labels);
    }

    private static void WriteDistribution(ByteWriter writer, ReferenceDistribution distribution)
    {
        WriteText(writer, distribution.Name);
        writer.WriteByte((byte)distribution.Kind);
        writer.WriteCompactSize((ulong)distribution.Points.Length);
        foreach (var point in distribution.Points)
            WriteFloat(writer, point);
        foreach (var count in distribution.Counts)
            writer.WriteInt64LittleEndian(count);
    }

    private static void WriteText(ByteWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > ModelReader.MaxTextBytes)
            throw new ArgumentException($"A text of {bytes.Length} bytes is longer than {ModelReader.MaxTextBytes}.", nameof(text));
        writer.WriteCompactSizeBytes(bytes);
    }

    private static void WriteDouble(ByteWriter writer, double value) => writer.WriteInt64LittleEndian(BitConverter.DoubleToInt64Bits(value));

    private static void WriteFloat(ByteWriter writer, float value) => BinaryPrimitives.WriteSingleLittleEndian(Take(writer, sizeof(float)), value);

    private static Span<byte> Take(ByteWriter writer, int count)
    {
        var span = writer.GetSpan(count)[..count];
        writer.Advance(count);
        return span;
    }
}
