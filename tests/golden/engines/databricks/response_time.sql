WITH their_leads AS (
  SELECT
    CAST(`lead_id` AS STRING) AS lead_id,
    CAST(`created_at` AS TIMESTAMP_NTZ) AS created_at,
    CAST(`workflow` AS STRING) AS workflow,
    CAST(`channel` AS STRING) AS channel,
    CAST(`region` AS STRING) AS region,
    CAST(`segment` AS STRING) AS segment,
    CAST(`owner` AS STRING) AS owner,
    `score` AS score,
    CAST(`first_response_at` AS TIMESTAMP_NTZ) AS first_response_at,
    CAST(0 AS BIGINT) AS import_id,
    CAST(0 AS BIGINT) AS line,
    CAST(ELEMENT_AT(`extra`, 'tier') AS STRING) AS attribute_0
  FROM `crm`.`leads`
), facts_leads AS (
  SELECT
    lead_id,
    created_at AS created_at,
    workflow,
    channel,
    region,
    segment,
    owner,
    score,
    first_response_at AS first_response_at,
    attribute_0,
    import_id,
    line
  FROM their_leads AS current_leads
), timed AS (
  SELECT
    COALESCE(unit.attribute_0, 'unknown') AS segment,
    CAST(unit.created_at AS DATE) AS cohort_day,
    CASE
      WHEN CAST(unit.first_response_at AS DATE) <= CAST('2024-06-30' AS DATE)
      THEN GREATEST(
        CAST((
          (
            DATEDIFF(CAST(unit.first_response_at AS DATE), CAST(unit.created_at AS DATE))
          ) * 86400 + (
            FLOOR(EXTRACT(HOUR FROM unit.first_response_at)) - FLOOR(EXTRACT(HOUR FROM unit.created_at))
          ) * 3600 + (
            FLOOR(EXTRACT(MINUTE FROM unit.first_response_at)) - FLOOR(EXTRACT(MINUTE FROM unit.created_at))
          ) * 60 + (
            FLOOR(EXTRACT(SECOND FROM unit.first_response_at)) - FLOOR(EXTRACT(SECOND FROM unit.created_at))
          ) * 1
        ) AS DOUBLE) / 60,
        0
      )
    END AS minutes,
    CASE
      WHEN CAST(unit.first_response_at AS DATE) <= CAST('2024-06-30' AS DATE)
      THEN GREATEST(DATEDIFF(CAST(unit.first_response_at AS DATE), CAST(unit.created_at AS DATE)), 0)
    END AS answered_after_days
  FROM facts_leads AS unit
  WHERE
    unit.workflow = 'lead-routing'
    AND CAST(unit.created_at AS DATE) <= CAST('2024-06-30' AS DATE)
)
SELECT
  segment,
  cohort_day,
  answered_after_days,
  CAST(FLOOR(24 * LN(1 + minutes)) AS INT) AS bucket,
  COUNT(*) AS units
FROM timed
GROUP BY
  1,
  2,
  3,
  4
