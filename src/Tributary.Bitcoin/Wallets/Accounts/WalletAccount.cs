using Tributary.Bitcoin.Descriptors;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Crypto;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Wallets.Accounts;

/// <summary>A set of scripts of one kind: those to hand out, and those for change.</summary>
internal sealed class WalletAccount
{
    private WalletAccount(int id, WalletAccountKind kind, bool hasKeys, ScriptBranch receive, ScriptBranch? change)
    {
        Id = id;
        Kind = kind;
        HasKeys = hasKeys;
        Receive = receive;
        Change = change;
        ScriptType = StandardScripts.Classify(receive.Derive(0).ScriptPubKey).Type;
    }

    internal int Id { get; }

    internal WalletAccountKind Kind { get; }

    /// <summary>True where the wallet's seed signs for it.</summary>
    internal bool HasKeys { get; }

    internal ScriptBranch Receive { get; }

    /// <summary>Null where change goes to <see cref="Receive"/>.</summary>
    internal ScriptBranch? Change { get; }

    /// <summary>The kind of its output scripts.</summary>
    internal ScriptType ScriptType { get; }

    internal IEnumerable<ScriptBranch> Branches => Change is null ? [Receive] : [Receive, Change];

    internal ScriptBranch ChangeBranch => Change ?? Receive;

    internal ScriptBranch Branch(bool isChange) => isChange && Change is not null ? Change : Receive;

    /// <summary>An account of a stored record.</summary>
    internal static Result<WalletAccount, Refusal> Load(Records.WalletRecord.AccountAdded record, BitcoinNetwork network)
    {
        if (!LoadBranch(record.Id, isChange: false, record.Receive, network).TryGet(out var receive, out var refusal))
            return refusal;
        ScriptBranch? change = null;
        if (record.Change is not null && !LoadBranch(record.Id, isChange: true, record.Change, network).TryGet(out change, out refusal))
            return refusal;
        return new WalletAccount(record.Id, record.Kind, record.HasKeys, receive, change);
    }

    /// <summary>The record of an account below a seed: m / kind h / coin h / account h.</summary>
    internal static Result<Records.WalletRecord.AccountAdded, Refusal> FromSeed(int id, WalletAccountKind kind, uint number, ExtendedPrivateKey master, BitcoinNetwork network)
    {
        var path = new DerivationPath(ChildIndex.Hardened((uint)kind), ChildIndex.Hardened(network.CoinType), ChildIndex.Hardened(number));
        if (!master.Derive(path).TryGet(out var key, out var refusal))
            return refusal;
        using (key)
        {
            var function = kind == WalletAccountKind.Bip86 ? "tr" : "wpkh";
            var origin = $"[{master.Fingerprint}/{path.ToRelativeText()}]{key.Neuter()}";
            return new Records.WalletRecord.AccountAdded(id, kind, HasKeys: true, WithChecksum($"{function}({origin}/0/*)"), WithChecksum($"{function}({origin}/1/*)"));
        }
    }

    /// <summary>The record of a watched descriptor; a multipath descriptor of two (BIP 389) gives addresses and change.</summary>
    internal static Result<Records.WalletRecord.AccountAdded, Refusal> FromDescriptor(int id, string text, BitcoinNetwork network)
    {
        if (!Descriptor.Parse(text, network).TryGet(out var descriptor, out var refusal))
            return refusal;
        using (descriptor)
        {
            if (descriptor.HasSecretKeys)
                return new Refusal("descriptor", "holds secret keys, which this wallet would keep in the clear: give it the public form, or create a wallet from a seed");
            if (descriptor.MultipathCount > 2)
                return new Refusal("descriptor", $"stands for {descriptor.MultipathCount} descriptors; one for addresses and one for change are taken");

            var parts = descriptor.ExpandMultipath();
            foreach (var part in parts)
            {
                if (!part.Derive(0).TryGet(out var scripts, out refusal))
                    return refusal;
                if (scripts.Count != 1)
                    return new Refusal("descriptor", "stands for several scripts at each index; take one function for each");
            }

            return new Records.WalletRecord.AccountAdded(id, WalletAccountKind.Descriptor, HasKeys: false, parts[0].ToString(), parts.Count > 1 ? parts[1].ToString() : null);
        }
    }

    private static Result<ScriptBranch, Refusal> LoadBranch(int account, bool isChange, string text, BitcoinNetwork network) =>
        Descriptor.Parse(text, network, requireChecksum: true).Then<ScriptBranch>(descriptor => new ScriptBranch(account, isChange, descriptor));

    private static string WithChecksum(string descriptor) => $"{descriptor}#{DescriptorChecksum.Compute(descriptor)}";
}
