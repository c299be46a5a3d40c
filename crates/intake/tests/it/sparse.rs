//! Sparse matrices, read back.

use std::fs::File;
use std::io::{ErrorKind, Read};

use arrow::array::AsArray;
use arrow::datatypes::{Float64Type, Int32Type};
use bedside_intake::sparse::{Columns, NpzWriter, Run, TripletWriter};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;
use tempfile::TempDir;

type Matrix = Vec<Vec<Run>>;

fn entries(matrix: &Matrix) -> Vec<u64> {
    matrix.iter().map(|runs| runs.iter().map(|run| run.rows).sum()).collect()
}

/// Column, row and value of every entry.
fn triplets(matrix: &Matrix) -> Vec<(usize, u64, f64)> {
    let of_column = |(column, runs): (usize, &Vec<Run>)| {
        let of_run = move |run: &Run| {
            let value = run.value;
            (run.row..run.row + run.rows).map(move |row| (column, row, value))
        };
        runs.iter().flat_map(of_run).collect::<Vec<_>>()
    };
    matrix.iter().enumerate().flat_map(of_column).collect()
}

fn matrix() -> impl Strategy<Value = Matrix> {
    let run = (0_u64..5, 1_u64..300, prop_oneof![Just(0.0), -1e9_f64..1e9]);
    let column = proptest::collection::vec(run, 0..6).prop_map(|runs| {
        let mut row = 0;
        let place = |(gap, rows, value): (u64, u64, f64)| {
            let run = Run { row: row + gap, rows, value };
            row = run.row + rows;
            run
        };
        runs.into_iter().map(place).collect()
    });
    proptest::collection::vec(column, 0..12)
}

fn add(out: &mut impl Columns, matrix: &Matrix, at_once: usize) -> std::io::Result<()> {
    let columns: Vec<&[Run]> = matrix.iter().map(Vec::as_slice).collect();
    columns.chunks(at_once).try_for_each(|columns| out.add(columns))
}

fn npz(folder: &TempDir, matrix: &Matrix, announced: &[u64], at_once: usize) -> std::io::Result<()> {
    let path = folder.path().join("m.npz");
    File::create(&path)?;
    let mut writer = NpzWriter::begin(|| File::options().write(true).open(&path), 2000, announced)?;
    add(&mut writer, matrix, at_once)?;
    writer.finish()
}

/// Kind, shape and bytes of an array in a zip.
fn array(zip: &mut zip::ZipArchive<File>, name: &str) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    assert_eq!(&bytes[..8], b"\x93NUMPY\x01\x00");
    let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let header = String::from_utf8(bytes[10..10 + length].to_vec()).unwrap();
    (header.trim().to_owned(), bytes.split_off(10 + length))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_matrix_reads_back_as_it_was(matrix in matrix(), at_once in 1_usize..5) {
        let folder = TempDir::new().unwrap();
        npz(&folder, &matrix, &entries(&matrix), at_once).unwrap();
        let mut zip = zip::ZipArchive::new(File::open(folder.path().join("m.npz")).unwrap()).unwrap();
        let all = triplets(&matrix);
        let (header, format) = array(&mut zip, "format.npy");
        prop_assert_eq!((header.as_str(), format.as_slice()), ("{'descr': '|S3', 'fortran_order': False, 'shape': (), }", b"csc".as_slice()));
        let (_, shape) = array(&mut zip, "shape.npy");
        let expected: Vec<u8> = [2000, matrix.len() as i64].iter().flat_map(|n| n.to_le_bytes()).collect();
        prop_assert_eq!(shape, expected);
        let numbers = |bytes: &[u8]| -> Vec<u64> {
            bytes.chunks_exact(4).map(|four| u64::from(u32::from_le_bytes(four.try_into().unwrap()))).collect()
        };
        let (header, pointers) = array(&mut zip, "indptr.npy");
        let shape = format!("'shape': ({},)", matrix.len() + 1);
        prop_assert!(header.contains("'<i4'") && header.contains(&shape));
        let mut total = 0;
        let mut expected = vec![0];
        for entries in entries(&matrix) {
            total += entries;
            expected.push(total);
        }
        prop_assert_eq!(numbers(&pointers), expected);
        let (header, rows) = array(&mut zip, "indices.npy");
        prop_assert!(header.contains("'<i4'"));
        prop_assert_eq!(numbers(&rows), all.iter().map(|entry| entry.1).collect::<Vec<_>>());
        let (header, data) = array(&mut zip, "data.npy");
        prop_assert!(header.contains("'<f8'"));
        let data: Vec<f64> =
            data.chunks_exact(8).map(|eight| f64::from_le_bytes(eight.try_into().unwrap())).collect();
        prop_assert_eq!(data, all.iter().map(|entry| entry.2).collect::<Vec<_>>());
    }

    #[test]
    fn a_table_of_entries_reads_back_as_it_was(matrix in matrix(), at_once in 1_usize..5) {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("m.parquet");
        let mut writer = TripletWriter::begin(File::create(&path).unwrap()).unwrap();
        add(&mut writer, &matrix, at_once).unwrap();
        writer.finish().unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&path).unwrap()).unwrap().build().unwrap();
        let mut found = Vec::new();
        for batch in reader {
            let batch = batch.unwrap();
            let whole = |name: &str| batch.column_by_name(name).unwrap().as_primitive::<Int32Type>().values().to_vec();
            let values = batch.column_by_name("value").unwrap().as_primitive::<Float64Type>().values().to_vec();
            let places = whole("column").into_iter().zip(whole("row"));
            found.extend(places.zip(values).map(|((column, row), value)| (column as usize, row as u64, value)));
        }
        prop_assert_eq!(found, triplets(&matrix));
    }
}

#[test]
fn entries_that_were_not_announced_are_refused() {
    let folder = TempDir::new().unwrap();
    let run = Run { row: 0, rows: 2, value: 1.0 };
    let matrix = vec![vec![run], vec![run]];
    for announced in [&[2_u64, 1][..], &[2], &[2, 2, 0]] {
        let refused = npz(&folder, &matrix, announced, 9).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidInput, "{announced:?}");
    }
    npz(&folder, &matrix, &[2, 2], 9).unwrap();
}
