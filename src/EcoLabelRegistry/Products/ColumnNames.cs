namespace EcoLabelRegistry.Products;

/// <summary>What people call the columns of a table in which products or certificates are named, beside the contract's own names. Lists of questions and registers know the same ones.</summary>
/// <remarks>As finding has them (<see cref="ProductIdentity.FindKey(string)"/>): case, width, blanks and punctuation make no difference.</remarks>
internal static class ColumnNames
{
    /// <summary>A GTIN.</summary>
    public static IReadOnlyList<string> Gtin { get; } = ["gtin", "ean", "upc", "条码"];

    /// <summary>Code or alias of a scheme.</summary>
    public static IReadOnlyList<string> Scheme { get; } = ["scheme", "label", "ecolabel", "标志", "认证标志"];

    /// <summary>Number of a certificate.</summary>
    public static IReadOnlyList<string> Certificate { get; } =
        ["certificate", "certificateno", "certificatenumber", "certno", "licence", "licenceno", "license", "licenseno", "证书编号", "证书号"];

    /// <summary>Brand.</summary>
    public static IReadOnlyList<string> Brand { get; } = ["brand", "品牌"];

    /// <summary>Model.</summary>
    public static IReadOnlyList<string> Model { get; } = ["model", "型号", "规格型号"];

    /// <summary>Category.</summary>
    public static IReadOnlyList<string> Category { get; } = ["category", "品目", "类别"];
}
