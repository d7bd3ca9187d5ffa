namespace Tributary.Bitcoin.Scripts.Execution;

/// <summary>
/// The nesting of OP_IF. Only two facts about it matter, whether it is empty and whether every branch is taken, so it keeps its depth and
/// the depth of the first branch not taken: scripts that nest deeply cost nothing.
/// </summary>
internal struct ConditionStack
{
    private int _depth;

    // 0 when every branch is taken; else the depth, counted from 1, of the outermost one that is not.
    private int _firstFalse;

    internal readonly bool IsEmpty => _depth == 0;

    internal readonly bool AllTrue => _firstFalse == 0;

    internal void Push(bool value)
    {
        _depth++;
        if (!value && _firstFalse == 0)
            _firstFalse = _depth;
    }

    internal void Pop()
    {
        if (_firstFalse == _depth)
            _firstFalse = 0;
        _depth--;
    }

    /// <summary>OP_ELSE. Inside a branch that is not taken, which of two inner branches is taken makes no difference.</summary>
    internal void Toggle()
    {
        if (_firstFalse == 0)
            _firstFalse = _depth;
        else if (_firstFalse == _depth)
            _firstFalse = 0;
    }
}
