using System.Text;
using Tributary.Bitcoin.Keys;
using Tributary.Bitcoin.Networks;
using Tributary.Crypto;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Descriptors;

/// <summary>An extended key with steps behind it, of which the last may range over all children and one may stand for several paths.</summary>
internal sealed class ExtendedKeyExpression : KeyExpression
{
    private readonly ExtendedPublicKey _publicKey;
    private readonly ExtendedPrivateKey? _privateKey;
    private readonly DerivationPath _path;
    private readonly Wildcard _wildcard;
    private readonly int _multipathPlace;
    private readonly ChildIndex[] _multipath;
    private ExtendedPublicKey? _parent;

    private ExtendedKeyExpression(ExtendedPublicKey publicKey, ExtendedPrivateKey? privateKey, DerivationPath path, Wildcard wildcard, int multipathPlace, ChildIndex[] multipath)
    {
        _publicKey = publicKey;
        _privateKey = privateKey;
        _path = path;
        _wildcard = wildcard;
        _multipathPlace = multipathPlace;
        _multipath = multipath;
    }

    /// <summary>How the last step ranges.</summary>
    internal enum Wildcard
    {
        None,
        Normal,
        Hardened,
    }

    internal override bool IsRanged => _wildcard != Wildcard.None;

    internal override int MultipathCount => Math.Max(1, _multipath.Length);

    internal override bool HasSecret => _privateKey is not null;

    /// <summary>Takes the key over.</summary>
    /// <param name="publicKey">The extended key, or what it is of the private key.</param>
    /// <param name="privateKey">Where the descriptor has it.</param>
    /// <param name="path">Fixed steps; a multipath step is in it by its first value.</param>
    /// <param name="wildcard">The last step.</param>
    /// <param name="multipathPlace">Which step has several values.</param>
    /// <param name="multipath">Those values, or none.</param>
    /// <param name="origin">What stood in brackets.</param>
    /// <param name="hardenedMarker">How to write hardened steps.</param>
    /// <param name="position">Where in the text.</param>
    internal static ExtendedKeyExpression Create(
        ExtendedPublicKey publicKey,
        ExtendedPrivateKey? privateKey,
        DerivationPath path,
        Wildcard wildcard,
        int multipathPlace,
        ChildIndex[] multipath,
        KeyOrigin? origin,
        char hardenedMarker,
        int position) =>
        new(publicKey, privateKey, path, wildcard, multipathPlace, multipath) { Origin = origin, HardenedMarker = hardenedMarker, Position = position };

    internal override Result<DerivedKey, Refusal> Derive(uint index)
    {
        var key = DeriveKey(index);
        if (!key.TryGet(out var derived, out var refusal))
            return Refuse($"cannot be derived: {refusal.Reason}");

        var steps = _wildcard == Wildcard.None ? _path : _path.Append(Last(index));
        var start = Origin ?? new KeyOrigin(_publicKey.Fingerprint, DerivationPath.Root);
        return new DerivedKey(new EncodedPublicKey(derived), start with { Path = start.Path.Append(steps) });
    }

    internal override KeyExpression Select(int multipath)
    {
        if (_multipath.Length == 0)
            return this;

        ChildIndex[] steps = [.. _path.Steps];
        steps[_multipathPlace] = _multipath[multipath];
        return new ExtendedKeyExpression(_publicKey, _privateKey, new DerivationPath(steps), _wildcard, 0, [])
        {
            Origin = Origin,
            HardenedMarker = HardenedMarker,
            Position = Position,
        };
    }

    internal override ISecretKeySource? ToSecretSource() => _privateKey is null ? null : new HierarchicalKeySource(_privateKey, Origin);

    public override void Dispose() => _privateKey?.Dispose();

    protected override void WriteKey(StringBuilder text, KeyForm form, BitcoinNetwork network)
    {
        text.Append(form == KeyForm.Secret && _privateKey is not null ? _privateKey.Reveal() : _publicKey.ToString());
        WriteSteps(text, _path.Steps, _multipath.Length > 0 ? _multipathPlace : -1);
    }

    protected override bool TryWriteNormalized(StringBuilder text)
    {
        var hardened = -1;
        for (var i = 0; i < _path.Count; i++)
            hardened = _path[i].IsHardened || (i == _multipathPlace && Array.Exists(_multipath, static step => step.IsHardened)) ? i : hardened;
        if (_privateKey is null || hardened < 0 || (_multipath.Length > 0 && hardened >= _multipathPlace))
            return false;

        var way = new DerivationPath(_path.Steps[..(hardened + 1)]);
        if (!_privateKey.Derive(way).TryGet(out var parent))
            return false;
        using (parent)
        {
            var start = Origin ?? new KeyOrigin(_publicKey.Fingerprint, DerivationPath.Root);
            text.Append('[').Append(Mark((start with { Path = start.Path.Append(way) }).ToString())).Append(']').Append(parent.Neuter());
        }

        WriteSteps(text, _path.Steps[(hardened + 1)..], _multipath.Length > 0 ? _multipathPlace - hardened - 1 : -1);
        return true;
    }

    private void WriteSteps(StringBuilder text, ReadOnlySpan<ChildIndex> steps, int multipathPlace)
    {
        for (var i = 0; i < steps.Length; i++)
            text.Append('/').Append(i == multipathPlace ? $"<{Mark(string.Join(';', _multipath))}>" : Mark(steps[i].ToString()));
        text.Append(_wildcard switch
        {
            Wildcard.Normal => "/*",
            Wildcard.Hardened => $"/*{HardenedMarker}",
            _ => "",
        });
    }

    private ChildIndex Last(uint index) => _wildcard == Wildcard.Hardened ? ChildIndex.Hardened(index) : ChildIndex.Normal(index);

    private Result<PublicKey, Refusal> DeriveKey(uint index)
    {
        if (_wildcard == Wildcard.Hardened)
            return DeriveHardened(index);

        // The fixed steps are taken once for all indices.
        if (_parent is null)
        {
            if (!DeriveParent().TryGet(out var parent, out var refusal))
                return refusal;
            _parent = parent;
        }

        return _wildcard == Wildcard.None ? _parent.PublicKey : _parent.Derive(Last(index)).Then<PublicKey>(static child => child.PublicKey);
    }

    private Result<ExtendedPublicKey, Refusal> DeriveParent()
    {
        if (_privateKey is null || !_path.HasHardenedStep)
            return _publicKey.Derive(_path);
        if (!_privateKey.Derive(_path).TryGet(out var parent, out var refusal))
            return refusal;
        using (parent)
            return parent.Neuter();
    }

    private Result<PublicKey, Refusal> DeriveHardened(uint index)
    {
        if (_privateKey is null)
            return new Refusal("path", "its hardened last step needs the private key");
        if (!_privateKey.Derive(_path.Append(Last(index))).TryGet(out var child, out var refusal))
            return refusal;
        using (child)
            return child.PublicKey;
    }
}
