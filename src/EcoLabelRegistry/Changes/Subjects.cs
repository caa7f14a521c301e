using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Changes;

/// <summary>Addresses of what is written, as the log and the answers name it.</summary>
public static class Subjects
{
    /// <summary>The address of a record.</summary>
    public static string Of(RecordKind kind, string code) => kind switch
    {
        RecordKind.LabelBody => "/v1/label-bodies/",
        RecordKind.Category => "/v1/categories/",
        RecordKind.Scheme => "/v1/schemes/",
        RecordKind.Standard => "/v1/standards/",
        RecordKind.Agreement => "/v1/agreements/",
        RecordKind.Policy => "/v1/policies/",
    } + code;

    /// <summary>The address of a certificate.</summary>
    public static string OfCertificate(string id) => "/v1/certificates/" + id;

    /// <summary>The address of a product.</summary>
    public static string OfProduct(string id) => "/v1/products/" + id;

    /// <summary>The address of a scheme's register.</summary>
    public static string OfRegister(string scheme) => $"/v1/schemes/{scheme}/register";
}
