using System.Text;
using Tributary.Intelligence.Decisions;
using Tributary.Intelligence.Decisions.Backtesting;
using Tributary.Intelligence.Decisions.Registry;
using Tributary.Intelligence.Explanations;
using Tributary.Intelligence.Fairness;
using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Journal.Labels;
using Tributary.Intelligence.Models.Files;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Intelligence.Privacy;
using Tributary.Intelligence.Privacy.Storage;
using Tributary.Intelligence.Protocols.Fraud;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Server.Payments;
using Tributary.Storage.Files;

namespace Tributary.Server.Risk;

/// <summary>
/// Opens the risk engine of a data folder. <c>risk/policy.txt</c> is the operator's policy and <c>risk/fraud.model</c> a model that
/// <c>tributary model train</c> wrote; both may be missing. A policy that is new is run over the journal before it goes live.
/// </summary>
internal static class RiskStart
{
    private const string MasterKeyFile = "master-key";
    private const string Operator = "operator";

    /// <summary>Opens or begins an engine. Refused, with the file: a policy or model that does not fit, damage, another writer.</summary>
    public static async Task<Result<RiskEngine, Refusal>> OpenAsync(
        string dataFolder, IEntropy entropy, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(dataFolder, "risk");
        Directory.CreateDirectory(folder);
        if (!(await ReadModelAsync(Path.Combine(folder, "fraud.model"), cancellationToken)).TryGet(out var model, out var refusal))
            return refusal;
        var features = model.File?.Features ?? RiskFeatures.Default;
        if (!RiskSchema.Create(features).TryGet(out var schema, out refusal))
            return refusal;

        var journalFolder = DiskDirectory.Open(Directory.CreateDirectory(Path.Combine(folder, "journal")).FullName);
        var (labels, registry) = ReadJournal(journalFolder);
        if (!DecisionJournal.Open(journalFolder, new JournalOptions(), time, entropy).TryGet(out var journal, out refusal))
            return refusal;
        await using var undo = new Undo(journal);
        var text = await ReadPolicyAsync(Path.Combine(folder, "policy.txt"), cancellationToken);
        if (!(await AdoptAsync(text, schema, registry, journal, journalFolder, time, cancellationToken)).TryGet(out var policy, out refusal))
            return refusal;

        var parts = new DecisionParts(policy, PolicyLists.Empty(schema), labels, ProtectedAttributes.Usual);
        if (!DecisionSetup.Create(parts).TryGet(out var rules, out refusal) || !DecisionSetup.Create(parts with { Model = model.InUse }).TryGet(out var setup, out refusal))
            return refusal;
        var engine = new DecisionEngine(setup, time, entropy);
        if (await new JournalledDecisions(engine, journal).UseAsync(setup, Staff(), cancellationToken) is { } unrecorded)
            return unrecorded;

        if (!RiskHistory.Open(Path.Combine(folder, "features"), features, entropy).TryGet(out var history, out refusal))
            return refusal;
        undo.Add(history);
        var storage = new FileSubjectKeyStorage(Path.Combine(folder, "keys"));
        if (!SubjectKeys.Open(storage, await MasterKeyAsync(folder, entropy, cancellationToken), entropy).TryGet(out var keys, out refusal))
        {
            storage.Dispose();
            return refusal;
        }

        undo.Keep();
        var opened = new RiskEngine(
            new RiskParts
            {
                Payments = engine,
                Transfers = new DecisionEngine(rules, time, entropy),
                JournalFolder = journalFolder,
                Journal = journal,
                Labels = labels,
                History = history,
                Keys = keys,
                KeyStorage = storage,
                Words = new ReasonWriter(features.Schema, FeatureWording.Of(features, RiskSchema.Rails)),
                Entropy = entropy,
            },
            time,
            logger);
        opened.WarmUp();
        return opened;
    }

    private static async Task<Result<(FraudModel? File, ModelInUse? InUse), Refusal>> ReadModelAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            return (null, (ModelInUse?)null);
        if (new FileInfo(path).Length > ModelFile.MaxBytes)
            return new Refusal("risk/fraud.model", $"has more than {ModelFile.MaxBytes} bytes");
        if (!FraudModel.Read(await File.ReadAllBytesAsync(path, cancellationToken)).TryGet(out var model, out var refusal))
            return new Refusal("risk/fraud.model", $"{refusal}; train it again, or take the file away");
        return (model, new ModelInUse(model.File.Model, model.Identity, model.File.Card.Name, Explainer.For(model.File.Model)));
    }

    private static async Task<string> ReadPolicyAsync(string path, CancellationToken cancellationToken) =>
        File.Exists(path) ? await File.ReadAllTextAsync(path, Encoding.UTF8, cancellationToken) : RiskPolicy.Default;

    // A fault ends the reading here and is refused, by name, when the journal is opened for writing.
    private static (LabelLedger Labels, PolicyRegistry Registry) ReadJournal(DiskDirectory folder)
    {
        var (labels, registry) = (new LabelLedger(), new PolicyRegistry());
        using var reader = new JournalReader(folder);
        foreach (var item in reader.ReadAll())
        {
            registry.Apply(item);
            if (item.Entry is LabelEntry label)
                labels.Apply(label, item.AppendedAt);
        }

        return (labels, registry);
    }

    /// <summary>The policy of a text, live: one that is new is saved, run over what was decided so far, and put live, each in the journal.</summary>
    private static async Task<Result<CompiledPolicy, Refusal>> AdoptAsync(
        string text,
        PolicySchema schema,
        PolicyRegistry registry,
        DecisionJournal journal,
        DiskDirectory folder,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!registry.Save(text, schema, Staff()).TryGet(out var saved, out var errors))
            return new Refusal("risk/policy.txt", errors.ToString());
        var policy = saved.Policy;
        if (saved.Entry is { } entry && await RecordAsync(entry) is { } unsaved)
            return unsaved;
        if (registry.Live?.Hash.Equals(policy.Hash) == true)
            return policy;

        var options = new BacktestOptions { AsOf = time.GetUtcNow(), Lists = PolicyLists.Empty(schema), AmountFact = "amount_minor" };
        if (!PolicyBacktest.Run(policy, () => ReadAll(folder), options, progress: null, cancellationToken).TryGet(out var report, out var refusal))
            return refusal;
        if (await RecordAsync(report.ToEntry(policy.Hash, Staff())) is { } untested)
            return untested;
        return registry.Move(policy.Hash, PolicyState.Live, Staff(), "The text in the server's folder.", time.GetUtcNow()).TryGet(out var moved, out refusal)
            ? await RecordAsync(moved) is { } unmoved ? unmoved : policy
            : refusal;

        async ValueTask<Refusal?> RecordAsync(JournalEntry change)
        {
            if (!(await journal.AppendAsync(change, cancellationToken)).TryGet(out var sequence, out var wrong))
                return wrong;
            registry.Apply(new JournalItem(sequence, time.GetUtcNow(), change));
            return null;
        }
    }

    private static IEnumerable<JournalItem> ReadAll(DiskDirectory folder)
    {
        using var reader = new JournalReader(folder);
        foreach (var item in reader.ReadAll())
            yield return item;
    }

    // Whoever may write into the server's folder is its operator.
    private static StaffId Staff() => StaffId.TryParse(Operator, out var staff) ? staff : throw new InvalidOperationException("The operator has no name.");

    private static async Task<byte[]> MasterKeyAsync(string folder, IEntropy entropy, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, MasterKeyFile);
        if (!File.Exists(path))
        {
            var fresh = new byte[32];
            entropy.Fill(fresh);
            await PaymentStart.WritePrivateAsync(path, Convert.ToHexStringLower(fresh), cancellationToken);
        }

        var text = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
        return text.Length == 64 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : [];
    }

    /// <summary>Closes what was opened before a refusal.</summary>
    private sealed class Undo(IAsyncDisposable first) : IAsyncDisposable
    {
        private readonly List<IAsyncDisposable> _opened = [first];

        public void Add(IAsyncDisposable opened) => _opened.Add(opened);

        public void Keep() => _opened.Clear();

        public async ValueTask DisposeAsync()
        {
            foreach (var opened in _opened)
                await opened.DisposeAsync();
        }
    }
}
