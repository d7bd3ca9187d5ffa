using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Drift;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Models.Files;

/// <summary>
/// Reads untrusted bytes into a model. Total: every count is held against the bytes that are left before anything is allocated, every number is checked as the
/// model's own constructor would, and the first thing that does not fit is named.
/// </summary>
internal ref struct ModelReader
{
    /// <summary>Bytes of a text at most.</summary>
    public const int MaxTextBytes = 8192;

    /// <summary>Models inside models at most.</summary>
    private const int MaxDepth = 4;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private SpanReader _reader;
    private Refusal? _fault;

    private ModelReader(ReadOnlySpan<byte> bytes) => _reader = new SpanReader(bytes);

    public static Result<ModelFile, Refusal> Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > ModelFile.MaxBytes)
            return new Refusal("length", $"A model file has at most {ModelFile.MaxBytes} bytes.");
        if (!bytes.StartsWith(ModelFile.Magic))
            return new Refusal("magic", "This is not a model file.");
        var reader = new ModelReader(bytes[ModelFile.Magic.Length..]);
        if (!reader._reader.TryReadUInt16LittleEndian(out var version))
            return new Refusal("version", "The file ends before its version.");
        if (version != ModelFile.Version)
            return new Refusal("version", $"Version {version} is not known here; this build reads version {ModelFile.Version}.");
        if (bytes.Length < ModelFile.Magic.Length + sizeof(ushort) + Bytes32.Length)
            return new Refusal("length", "The file ends before its checksum.");
        var body = bytes[..^Bytes32.Length];
        if (!SHA256.HashData(body).AsSpan().SequenceEqual(bytes[^Bytes32.Length..]))
            return new Refusal("checksum", "The file is damaged: its checksum does not hold.");

        reader = new ModelReader(body[(ModelFile.Magic.Length + sizeof(ushort))..]);
        var file = reader.ReadFile();
        if (file is not null && !reader._reader.IsAtEnd)
            reader.Fail("length", "Bytes follow the end of the model.");
        return reader._fault is { } fault ? fault : file!;
    }

    private ModelFile? ReadFile()
    {
        if (ReadSchema() is not { } schema || ReadModel(schema, 0) is not { } model || ReadLineage() is not { } lineage || ReadCard() is not { } card)
            return null;
        if (!_reader.TryReadByte(out var hasReference) || hasReference > 1)
            return Fail<ModelFile>("reference", "It is not said whether there is one.");
        if (hasReference == 0)
            return new ModelFile(model, lineage, card, null);
        return ReadReference(schema) is { } reference ? new ModelFile(model, lineage, card, reference) : null;
    }

    private FeatureSchema? ReadSchema()
    {
        if (!_reader.TryReadCount(2, out var count) || count > GbdtModel.MaxFeatures)
            return Fail<FeatureSchema>("schema", "The number of features is more than the file holds.");
        var names = ImmutableArray.CreateBuilder<string>(count);
        var kinds = ImmutableArray.CreateBuilder<FeatureKind>(count);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var feature = 0; feature < count; feature++)
        {
            if (ReadText($"schema[{feature}]") is not { } name)
                return null;
            if (!seen.Add(name))
                return Fail<FeatureSchema>($"schema[{feature}]", "The name is that of another feature.");
            if (!_reader.TryReadByte(out var kind) || kind > (byte)FeatureKind.Categorical)
                return Fail<FeatureSchema>($"schema[{feature}]", "The kind is not known.");
            names.Add(name);
            kinds.Add((FeatureKind)kind);
        }

        return new FeatureSchema(names.MoveToImmutable(), kinds.MoveToImmutable());
    }

    private IModel? ReadModel(FeatureSchema schema, int depth)
    {
        if (depth > MaxDepth)
            return Fail<IModel>("model", $"Models lie inside each other more than {MaxDepth} deep.");
        if (!_reader.TryReadByte(out var tag))
            return Fail<IModel>("model", "The file ends before the model.");
        return tag switch
        {
            ModelTag.Trees => ReadTrees(schema),
            ModelTag.Logistic => ReadLogistic(schema),
            ModelTag.Calibrated => ReadCalibrated(schema, depth),
            ModelTag.Blended => ReadBlend(schema, depth),
            _ => Fail<IModel>("model", $"Kind {tag} is not known."),
        };
    }

    private GbdtModel? ReadTrees(FeatureSchema schema)
    {
        if (!_reader.TryReadByte(out var link) || link > (byte)ScoreLink.Share)
            return Fail<GbdtModel>("link", "The link is not known.");

        // The smallest tree is a count, a value and a cover.
        if (!TryReadDouble(out var baseScore) || !_reader.TryReadCount(1 + (2 * sizeof(double)), out var count))
            return Fail<GbdtModel>("trees", "The number of trees is more than the file holds.");
        var trees = ImmutableArray.CreateBuilder<DecisionTree>(count);
        for (var i = 0; i < count; i++)
        {
            if (ReadTree(i) is not { } tree)
                return null;
            trees.Add(tree);
        }

        var all = trees.MoveToImmutable();
        return GbdtModel.FindFault(schema, all, baseScore) is { } fault
            ? Fail<GbdtModel>("trees", fault)
            : new GbdtModel(schema, all, baseScore, (ScoreLink)link);
    }

    private DecisionTree? ReadTree(int index)
    {
        const int LeastNodeBytes = sizeof(ushort) + 1 + (2 * sizeof(int)) + sizeof(double) + 1;
        var field = $"trees[{index}]";
        if (!_reader.TryReadCount(LeastNodeBytes, out var count))
            return Fail<DecisionTree>(field, "The number of nodes is more than the file holds.");
        var nodes = ImmutableArray.CreateBuilder<TreeNode>(count);
        for (var i = 0; i < count; i++)
        {
            if (ReadNode(field) is not { } node)
                return null;
            nodes.Add(node);
        }

        if (_reader.Remaining / (2 * sizeof(double)) < count + 1)
            return Fail<DecisionTree>(field, "The file ends before the leaves.");
        var (values, covers) = (ReadDoubles(count + 1), ReadDoubles(count + 1));
        var all = nodes.MoveToImmutable();
        return DecisionTree.FindFault(all, values, covers) is { } fault ? Fail<DecisionTree>(field, fault) : new DecisionTree(all, values, covers);
    }

    private TreeNode? ReadNode(string field)
    {
        if (!_reader.TryReadUInt16LittleEndian(out var feature) || !_reader.TryReadByte(out var flags)
            || !_reader.TryReadInt32LittleEndian(out var left) || !_reader.TryReadInt32LittleEndian(out var right) || !TryReadDouble(out var gain))
        {
            return Fail<TreeNode>(field, "The file ends inside a node.");
        }

        if (flags > (NodeFlag.MissingLeft | NodeFlag.Categories | NodeFlag.UnseenLeft) || (flags & (NodeFlag.Categories | NodeFlag.UnseenLeft)) == NodeFlag.UnseenLeft
            || !Magnitude.IsUsable(gain))
        {
            return Fail<TreeNode>(field, "A node's flags or gain make no sense.");
        }

        var threshold = 0f;
        CategorySet? set = null;
        if ((flags & NodeFlag.Categories) != 0)
        {
            if (!_reader.TryReadCount(sizeof(uint), out var words) || words > CategoryCode.Limit / 32)
                return Fail<TreeNode>(field, "The number of categories is more than the file holds.");
            var bits = ImmutableArray.CreateBuilder<uint>(words);
            for (var word = 0; word < words && _reader.TryReadUInt32LittleEndian(out var value); word++)
                bits.Add(value);
            set = new CategorySet(bits.MoveToImmutable(), (flags & NodeFlag.UnseenLeft) != 0);
        }
        else if (!TryReadFloat(out threshold))
        {
            return Fail<TreeNode>(field, "The file ends inside a node.");
        }

        return new TreeNode(feature, threshold, set, (flags & NodeFlag.MissingLeft) != 0, left, right, gain);
    }

    private LogisticModel? ReadLogistic(FeatureSchema schema)
    {
        if (!TryReadDouble(out var intercept) || !Magnitude.IsUsable(intercept))
            return Fail<LogisticModel>("intercept", "It is not finite.");
        var terms = ImmutableArray.CreateBuilder<LogisticTerm>(schema.Count);
        for (var feature = 0; feature < schema.Count; feature++)
        {
            var field = $"terms[{schema.Names[feature]}]";
            if (!TryReadDouble(out var missing) || !TryReadDouble(out var mean) || !Magnitude.IsUsable(missing) || !Magnitude.IsUsable(mean))
                return Fail<LogisticModel>(field, "The value for missing or the mean is not finite.");
            LogisticTerm? term = schema.Kinds[feature] == FeatureKind.Categorical
                ? ReadCategoryTerm(field, missing, mean)
                : ReadNumericTerm(field, missing, mean);
            if (term is null)
                return null;
            terms.Add(term);
        }

        return new LogisticModel(schema, intercept, terms.MoveToImmutable());
    }

    private CategoryTerm? ReadCategoryTerm(string field, double missing, double mean)
    {
        if (!TryReadDouble(out var unseen) || !Magnitude.IsUsable(unseen) || !_reader.TryReadCount(sizeof(double), out var count) || count > CategoryCode.Limit)
            return Fail<CategoryTerm>(field, "The number of categories is more than the file holds.");
        var values = ReadDoubles(count);
        return values.All(Magnitude.IsUsable) ? new CategoryTerm(values, unseen, missing, mean) : Fail<CategoryTerm>(field, "A category's value is not finite.");
    }

    private NumericTerm? ReadNumericTerm(string field, double missing, double mean)
    {
        if (!TryReadFloat(out var least) || !TryReadFloat(out var greatest) || !TryReadDouble(out var centre) || !TryReadDouble(out var slope)
            || !_reader.TryReadCount(sizeof(float) + sizeof(double), out var count))
        {
            return Fail<NumericTerm>(field, "The number of knots is more than the file holds.");
        }

        var knots = ImmutableArray.CreateBuilder<float>(count);
        var changes = ImmutableArray.CreateBuilder<double>(count);
        for (var knot = 0; knot < count && TryReadFloat(out var at) && TryReadDouble(out var change); knot++)
        {
            if (!float.IsFinite(at) || !Magnitude.IsUsable(change) || (knot > 0 && at <= knots[knot - 1]))
                return Fail<NumericTerm>(field, "A knot is not finite or does not follow the one before it.");
            knots.Add(at);
            changes.Add(change);
        }

        return float.IsFinite(least) && float.IsFinite(greatest) && least <= greatest && Magnitude.IsUsable(centre) && Magnitude.IsUsable(slope)
            ? new NumericTerm(least, greatest, centre, slope, knots.MoveToImmutable(), changes.MoveToImmutable(), missing, mean)
            : Fail<NumericTerm>(field, "The range or the slope is not finite.");
    }

    private CalibratedModel? ReadCalibrated(FeatureSchema schema, int depth) =>
        ReadCalibration() is { } calibration && ReadModel(schema, depth + 1) is { } inner ? new CalibratedModel(inner, calibration) : null;

    private ICalibration? ReadCalibration()
    {
        if (!_reader.TryReadByte(out var tag))
            return Fail<ICalibration>("calibration", "The file ends before it.");
        if (tag == CalibrationTag.Platt)
        {
            return TryReadDouble(out var slope) && TryReadDouble(out var intercept) && slope >= 0 && Magnitude.IsUsable(slope) && Magnitude.IsUsable(intercept)
                ? new PlattCalibration(slope, intercept)
                : Fail<ICalibration>("calibration", "The slope is negative or not finite.");
        }

        if (tag != CalibrationTag.Isotonic)
            return Fail<ICalibration>("calibration", $"Kind {tag} is not known.");
        if (!_reader.TryReadCount(2 * sizeof(double), out var count))
            return Fail<ICalibration>("calibration", "The number of points is more than the file holds.");
        var scores = ImmutableArray.CreateBuilder<double>(count);
        var probabilities = ImmutableArray.CreateBuilder<double>(count);
        for (var i = 0; i < count && TryReadDouble(out var score) && TryReadDouble(out var probability); i++)
        {
            scores.Add(score);
            probabilities.Add(probability);
        }

        var (xs, ys) = (scores.MoveToImmutable(), probabilities.MoveToImmutable());
        return IsotonicCalibration.FindFault(xs, ys) is { } fault ? Fail<ICalibration>("calibration", fault) : new IsotonicCalibration(xs, ys);
    }

    private BlendedModel? ReadBlend(FeatureSchema schema, int depth)
    {
        if (!_reader.TryReadCount(sizeof(double) + 1, out var count) || count == 0)
            return Fail<BlendedModel>("blend", "The number of models is zero or more than the file holds.");
        var models = ImmutableArray.CreateBuilder<IModel>(count);
        var weights = ImmutableArray.CreateBuilder<double>(count);
        for (var i = 0; i < count; i++)
        {
            if (!TryReadDouble(out var weight) || !(weight is >= 0 and <= 1))
                return Fail<BlendedModel>("blend", "A weight is not in [0, 1].");
            if (ReadModel(schema, depth + 1) is not { } model)
                return null;
            models.Add(model);
            weights.Add(weight);
        }

        return Math.Abs(weights.Sum() - 1) <= 1e-9
            ? new BlendedModel(models.MoveToImmutable(), weights.MoveToImmutable())
            : Fail<BlendedModel>("blend", "The weights do not have the sum 1.");
    }

    private ModelLineage? ReadLineage()
    {
        if (!_reader.TryReadInt64LittleEndian(out var trainedAt) || ReadText("lineage.data") is not { } dataName || !_reader.TryReadBytes32(out var dataHash)
            || !_reader.TryReadInt64LittleEndian(out var rows) || !_reader.TryReadInt64LittleEndian(out var positives)
            || !_reader.TryReadInt64LittleEndian(out var from) || !_reader.TryReadInt64LittleEndian(out var to) || !_reader.TryReadBytes32(out var parent))
        {
            return Fail<ModelLineage>("lineage", "The file ends inside it.");
        }

        if (rows < 0 || positives < 0 || positives > rows)
            return Fail<ModelLineage>("lineage", "The numbers of rows make no sense.");
        var options = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (!_reader.TryReadCount(2, out var optionCount))
            return Fail<ModelLineage>("lineage.options", "Their number is more than the file holds.");
        for (var i = 0; i < optionCount; i++)
        {
            if (ReadText("lineage.options") is not { } name || ReadText("lineage.options") is not { } value)
                return null;
            options[name] = value;
        }

        var metrics = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        if (!_reader.TryReadCount(1 + sizeof(double), out var metricCount))
            return Fail<ModelLineage>("lineage.metrics", "Their number is more than the file holds.");
        for (var i = 0; i < metricCount; i++)
        {
            if (ReadText("lineage.metrics") is not { } name || !TryReadDouble(out var value))
                return Fail<ModelLineage>("lineage.metrics", "The file ends inside them.");
            metrics[name] = value;
        }

        return new ModelLineage(trainedAt, dataName, dataHash, rows, positives, from, to, parent, options.ToImmutable(), metrics.ToImmutable());
    }

    private ModelCard? ReadCard()
    {
        if (ReadText("card.name") is not { } name || ReadText("card.purpose") is not { } purpose || ReadText("card.not_for") is not { } notFor
            || ReadText("card.contact") is not { } contact)
        {
            return null;
        }

        if (!_reader.TryReadCount(1, out var count))
            return Fail<ModelCard>("card.limits", "Their number is more than the file holds.");
        var limits = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < count; i++)
        {
            if (ReadText("card.limits") is not { } limit)
                return null;
            limits.Add(limit);
        }

        return new ModelCard(name, purpose, notFor, limits.ToImmutable(), contact);
    }

    private DriftReference? ReadReference(FeatureSchema schema)
    {
        if (!_reader.TryReadCount(3, out var count) || count != schema.Count)
            return Fail<DriftReference>("reference", "It does not have the schema's features.");
        var features = ImmutableArray.CreateBuilder<ReferenceDistribution>(count);
        for (var feature = 0; feature < count; feature++)
        {
            if (ReadDistribution($"reference[{feature}]") is not { } distribution)
                return null;
            features.Add(distribution);
        }

        return ReadDistribution("reference.scores") is { } scores && ReadDistribution("reference.labels") is { } labels
            ? new DriftReference(features.MoveToImmutable(), scores, labels)
            : null;
    }

    private ReferenceDistribution? ReadDistribution(string field)
    {
        if (ReadText(field) is not { } name)
            return null;
        if (!_reader.TryReadByte(out var kind) || kind > (byte)FeatureKind.Categorical || !_reader.TryReadCount(sizeof(float) + sizeof(long), out var count))
            return Fail<ReferenceDistribution>(field, "The kind is not known, or the number of bins is more than the file holds.");
        var points = ImmutableArray.CreateBuilder<float>(count);
        for (var i = 0; i < count && TryReadFloat(out var point); i++)
            points.Add(point);
        var bins = ReferenceDistribution.BinCount(count);
        if (_reader.Remaining / sizeof(long) < bins)
            return Fail<ReferenceDistribution>(field, "The file ends before the counts.");
        var counts = ImmutableArray.CreateBuilder<long>(bins);
        for (var i = 0; i < bins && _reader.TryReadInt64LittleEndian(out var value); i++)
            counts.Add(value);
        var (all, sums) = (points.MoveToImmutable(), counts.MoveToImmutable());
        return ReferenceDistribution.FindFault((FeatureKind)kind, all, sums) is { } fault
            ? Fail<ReferenceDistribution>(field, fault)
            : new ReferenceDistribution(name, (FeatureKind)kind, all, sums);
    }

    /// <summary>So many doubles, of which the caller knows that they are there.</summary>
    private ImmutableArray<double> ReadDoubles(int count)
    {
        var values = ImmutableArray.CreateBuilder<double>(count);
        for (var i = 0; i < count && TryReadDouble(out var value); i++)
            values.Add(value);
        return values.MoveToImmutable();
    }

    private string? ReadText(string field)
    {
        if (!_reader.TryReadCompactSizeBytes(out var bytes) || bytes.Length > MaxTextBytes)
            return Fail<string>(field, $"The text is cut off or longer than {MaxTextBytes} bytes.");
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Fail<string>(field, "The text is not UTF-8.");
        }
    }

    private bool TryReadDouble(out double value)
    {
        var isRead = _reader.TryReadInt64LittleEndian(out var bits);
        value = BitConverter.Int64BitsToDouble(bits);
        return isRead;
    }

    private bool TryReadFloat(out float value)
    {
        var isRead = _reader.TryReadInt32LittleEndian(out var bits);
        value = BitConverter.Int32BitsToSingle(bits);
        return isRead;
    }

    private void Fail(string field, string reason) => _fault ??= new Refusal(field, reason);

    private T? Fail<T>(string field, string reason)
        where T : class
    {
        Fail(field, reason);
        return null;
    }
}
