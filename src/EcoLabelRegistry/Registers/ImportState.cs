namespace EcoLabelRegistry.Registers;

/// <summary>How much of the register an import brings.</summary>
public enum ImportKind
{
    /// <summary>All of it: what it omits is withdrawn.</summary>
    Full,

    /// <summary>What is new or has changed: what it omits stays as it is.</summary>
    Delta,
}

/// <summary>How far an import is.</summary>
public enum ImportState
{
    /// <summary>The rows are arriving.</summary>
    Receiving,

    /// <summary>The rows are judged against what stands.</summary>
    Checking,

    /// <summary>What is to be written is being written, in one transaction.</summary>
    Applying,

    /// <summary>It is in the registry, whole.</summary>
    Done,

    /// <summary>It was only tried: the numbers say what it would have changed. Nothing was changed.</summary>
    Tried,

    /// <summary>It was refused, and nothing was changed.</summary>
    Refused,

    /// <summary>The connection broke, or the server stopped, before it was applied; nothing was changed.</summary>
    Interrupted,
}

/// <summary>What becomes of a register that has rows which cannot be taken.</summary>
public enum OnError
{
    /// <summary>Nothing is changed.</summary>
    Refuse,

    /// <summary>The other rows are taken.</summary>
    Skip,
}

/// <summary>How far an import is, in numbers. Written by the import alone; who reads sees some moment.</summary>
public sealed class ImportCounts
{
    /// <summary>Rows received.</summary>
    public long Received { get; set; }

    /// <summary>Certificates judged.</summary>
    public long Checked { get; set; }
}
