using Tributary.Proofs.Memory;

namespace Tributary.Proofs.Air;

/// <summary>Owns what <see cref="LookupColumns"/> points to.</summary>
internal sealed unsafe class LookupMemory : IDisposable
{
    private readonly FieldBuffer _words;
    private readonly int _betaPowers;
    private readonly int _batches;

    public LookupMemory(AirShape shape, LookupChallenges challenges, Extension share)
    {
        _betaPowers = 2 * Extension.Degree;
        var sizes = _betaPowers + (challenges.BetaPowers.Length * Extension.Degree);
        _words = new FieldBuffer(sizes + shape.Batches.Count + 1);
        _batches = shape.Batches.Count;
        Write(challenges.Gamma, 0);
        Write(share, Extension.Degree);
        for (var i = 0; i < challenges.BetaPowers.Length; i++)
            Write(challenges.BetaPowers[i], _betaPowers + (i * Extension.Degree));
        for (var i = 0; i < shape.Batches.Count; i++)
            _words.Words[sizes + i] = (uint)shape.Batches[i];
        Columns = new LookupColumns
        {
            Gamma = _words.Words,
            ShareWords = _words.Words + Extension.Degree,
            BetaPowers = _words.Words + _betaPowers,
            BatchSizes = (int*)(_words.Words + sizes),
            Batches = _batches,
        };
    }

    public LookupColumns Columns { get; }

    public void Dispose() => _words.Dispose();

    private void Write(Extension value, int place)
    {
        for (var k = 0; k < Extension.Degree; k++)
            _words.Words[place + k] = value[k].Word;
    }
}
