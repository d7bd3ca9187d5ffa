namespace Tributary.Proofs.Fields;

/// <summary>A type that can be multiplied by a scalar of another: the extension by the base, without lifting the base first.</summary>
public interface IModule<TSelf, TScalar>
    where TSelf : struct, IModule<TSelf, TScalar>
{
    /// <summary>value · scalar.</summary>
    static abstract TSelf Scale(TSelf value, TScalar scalar);

    /// <summary>The image of a scalar.</summary>
    static abstract TSelf Lift(TScalar scalar);
}
